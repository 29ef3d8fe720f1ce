import { type ComponentProps, useId } from "react";

interface FormSelectProps extends Omit<ComponentProps<"select">, "id" | "children"> {
  readonly label: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** A labelled choice of one among a few; the form around it knows which. */
export function FormSelect({ label, choices, className, ...rest }: FormSelectProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block font-medium text-small">
        {label}
      </label>
      <select {...rest} id={id} className="block h-10 w-full rounded-medium border border-edge bg-raised px-2.5">
        {choices.map(({ value, label: text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
