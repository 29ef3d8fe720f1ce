import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useId, useState } from "react";
import { classNames } from "./class-names.ts";

interface TextFieldProps extends Omit<ComponentProps<"input">, "id"> {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
}

/** A labelled input with its hint or its error below; passwords can be shown. */
export function TextField({ label, hint, error, type = "text", className, ...rest }: TextFieldProps) {
  const id = useId();
  const [isShown, setShown] = useState(false);
  const isPassword = type === "password";
  const note = error ?? hint;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block font-medium text-small">
        {label}
      </label>
      <div className="relative">
        <input
          {...rest}
          id={id}
          type={isPassword && isShown ? "text" : type}
          aria-invalid={error !== undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          className={classNames(
            "block h-10 w-full rounded-medium border bg-raised px-3 placeholder:text-faint",
            isPassword && "pr-11",
            error === undefined ? "border-edge" : "border-danger",
          )}
        />
        {isPassword && (
          <button
            type="button"
            aria-label={isShown ? "Hide password" : "Show password"}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
            className="absolute inset-y-0 right-0 flex w-11 items-center justify-center rounded-medium text-soft hover:text-ink"
          >
            {isShown ? <EyeOff size={18} /> : <Eye size={18} />}
          </button>
        )}
      </div>
      {note !== undefined && (
        <p
          id={`${id}-note`}
          className={classNames("mt-1 text-small", error === undefined ? "text-faint" : "text-danger")}
        >
          {note}
        </p>
      )}
    </div>
  );
}
