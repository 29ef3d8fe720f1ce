import { type ComponentProps, useId } from "react";
import { classNames } from "./class-names.ts";

type Native = Omit<ComponentProps<"select">, "id" | "children" | "value" | "defaultValue" | "onChange">;

interface SelectFieldProps<Value extends string> extends Native {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  /** Which it is; without one the form around it knows. */
  readonly value?: Value | undefined;
  readonly defaultValue?: Value | undefined;
  readonly onChoose?: (value: Value) => void;
}

/** One of a few, by the browser's own means: beside its label, or below it where that has no room. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, hint, choices, onChoose, className, ...rest } = props;
  const id = useId();
  return (
    <div className={classNames("flex flex-wrap items-center gap-x-4 gap-y-1", className)}>
      <div className="min-w-40 grow-[999] basis-40">
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
        aria-describedby={hint === undefined ? undefined : `${id}-note`}
        onChange={(change) => {
          const chosen = choices.find((choice) => choice.value === change.target.value);
          if (chosen !== undefined) onChoose?.(chosen.value);
        }}
        className="h-10 min-w-36 grow rounded-medium border border-edge bg-raised px-2.5 text-small"
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
