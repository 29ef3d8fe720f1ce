/** The sign and the name. */
export function Logo() {
  return (
    <span className="flex items-center gap-2.5 font-semibold text-title tracking-tight">
      <img src="/icon.svg" alt="" className="size-7" />
      Hubbub
    </span>
  );
}
