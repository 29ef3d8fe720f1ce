import { type ReactNode, useState } from "react";

/** What is told only to those who ask for it. */
export function Spoiler({ children }: { readonly children: ReactNode }) {
  const [isTold, setTold] = useState(false);
  if (isTold) return <span className="rounded-small bg-hover px-0.5">{children}</span>;
  return (
    <button
      type="button"
      aria-label="Spoiler: show"
      title="Spoiler: show"
      onClick={() => setTold(true)}
      className="select-none rounded-small bg-soft px-0.5 text-transparent hover:bg-faint"
    >
      <span aria-hidden="true" className="invisible">
        {children}
      </span>
    </button>
  );
}
