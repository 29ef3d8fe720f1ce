import { type ComponentProps, useId } from "react";
import { classNames } from "./class-names.ts";

interface SelectFieldProps<Value extends string> extends Omit<ComponentProps<"select">, "id" | "value" | "onChange"> {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly onChoose: (value: Value) => void;
}

/** One of a few, by the browser's own means. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, hint, value, choices, onChoose, className, ...rest } = props;
  const id = useId();
  return (
    <div className={classNames("flex flex-wrap items-center gap-x-4 gap-y-1", className)}>
      <div className="min-w-40 flex-1">
        <label htmlFor={id} className="block font-medium text-small">
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-note`} className="text-caption text-faint">
            {hint}
          </p>
        )}
      </div>
      <select
        {...rest}
        id={id}
        value={value}
        aria-describedby={hint === undefined ? undefined : `${id}-note`}
        onChange={(change) => {
          const chosen = choices.find((choice) => choice.value === change.target.value);
          if (chosen !== undefined) onChoose(chosen.value);
        }}
        className="h-10 min-w-36 rounded-medium border border-edge bg-raised px-2.5 text-small"
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
