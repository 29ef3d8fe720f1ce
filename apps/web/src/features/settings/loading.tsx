import { Spinner } from "../../ui/spinner.tsx";

export function Loading() {
  return (
    <p role="status" className="flex items-center gap-3 py-4 text-small text-soft">
      <Spinner /> Loading…
    </p>
  );
}
