import { useSyncExternalStore } from "react";

function subscribe(listener: () => void): () => void {
  const ends = new AbortController();
  for (const event of ["focus", "blur"] as const) addEventListener(event, listener, { signal: ends.signal });
  document.addEventListener("visibilitychange", listener, { signal: ends.signal });
  return () => ends.abort();
}

/** Whether someone looks at this window: it is to be seen, and has the focus. */
export function useIsWatching(): boolean {
  return useSyncExternalStore(subscribe, () => document.visibilityState === "visible" && document.hasFocus());
}
