const around = 2 * Math.PI * 9;

/** How much is done, from 0 to 1. Decorative: words tell it too. */
export function ProgressRing({ done }: { readonly done: number }) {
  return (
    <svg viewBox="0 0 22 22" aria-hidden="true" className="-rotate-90 size-5.5 shrink-0">
      <circle cx="11" cy="11" r="9" fill="none" strokeWidth="2.5" className="stroke-current opacity-25" />
      <circle
        cx="11"
        cy="11"
        r="9"
        fill="none"
        strokeWidth="2.5"
        strokeLinecap="round"
        strokeDasharray={around}
        strokeDashoffset={around * (1 - done)}
        className="stroke-current transition-[stroke-dashoffset] duration-150"
      />
    </svg>
  );
}
