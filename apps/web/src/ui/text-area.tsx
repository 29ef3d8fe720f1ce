import { type ComponentProps, useId } from "react";
import { classNames } from "./class-names.ts";

interface TextAreaProps extends Omit<ComponentProps<"textarea">, "id"> {
  readonly label: string;
  readonly error?: string | undefined;
}

/** A labelled field of several lines with its error below. */
export function TextArea({ label, error, className, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block font-medium text-small">
        {label}
      </label>
      <textarea
        {...rest}
        id={id}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-note`}
        className={classNames(
          "block min-h-24 w-full resize-y rounded-medium border bg-raised px-3 py-2 placeholder:text-faint",
          error === undefined ? "border-edge" : "border-danger",
        )}
      />
      {error !== undefined && (
        <p id={`${id}-note`} className="mt-1 text-danger text-small">
          {error}
        </p>
      )}
    </div>
  );
}
