import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { Spinner } from "./spinner.tsx";

const looks = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  quiet: "text-ink hover:bg-hover",
  outlined: "border border-line bg-raised text-ink hover:bg-hover",
  danger: "text-danger hover:bg-danger-wash",
} as const;

interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: keyof typeof looks;
  /** Something is under way: shown, and not to be pressed again. */
  readonly isBusy?: boolean;
}

export function Button({ look = "outlined", isBusy = false, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || isBusy}
      className={classNames(
        "inline-flex min-h-10 items-center justify-center gap-2 rounded-medium px-4 font-medium text-small",
        "transition-colors duration-100 disabled:opacity-55",
        looks[look],
        className,
      )}
    >
      {isBusy && <Spinner />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<"button"> {
  /** What it does, for those who do not see the icon. */
  readonly label: string;
}

export function IconButton({ label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classNames(
        "inline-flex size-10 shrink-0 items-center justify-center rounded-medium text-soft",
        "transition-colors duration-100 hover:bg-hover hover:text-ink disabled:opacity-45",
        className,
      )}
    />
  );
}
