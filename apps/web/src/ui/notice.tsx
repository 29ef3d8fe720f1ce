import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** A failure in words, said aloud where it appears. */
export function ErrorNotice({ children }: { readonly children: ReactNode }) {
  return (
    <p role="alert" className="rounded-medium bg-danger-wash px-3 py-2 text-danger text-small">
      {children}
    </p>
  );
}

interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly className?: string;
}

/** What to say, and what can be done, where there is nothing to show. */
export function EmptyState({ icon, title, children, className }: EmptyStateProps) {
  return (
    <div className={classNames("flex flex-col items-center justify-center gap-2 p-8 text-center", className)}>
      <span aria-hidden="true" className="mb-1 text-faint">
        {icon}
      </span>
      <p className="font-semibold text-title">{title}</p>
      {children}
    </div>
  );
}
