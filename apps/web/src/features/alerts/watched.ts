import type { ConversationId } from "@hubbub/contract";
import { useEffect } from "react";
import { useIsWatching } from "../../ui/watching.ts";

const lockOf = (id: ConversationId): string => `hubbub.watched.${id}`;

/** Lets the other windows of this browser know that someone looks at a conversation here: a lock ends with its window. */
export function useWatched(id: ConversationId | undefined): void {
  const isWatching = useIsWatching();
  useEffect(() => {
    if (id === undefined || !isWatching) return;
    const ends = new AbortController();
    const ended = new Promise<void>((resolve) => ends.signal.addEventListener("abort", () => resolve()));
    // where the browser has no locks it has no alerts either
    void navigator.locks?.request(lockOf(id), { mode: "shared" }, () => ended);
    return () => ends.abort();
  }, [id, isWatching]);
}

export async function isWatchedSomewhere(id: ConversationId): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name === lockOf(id));
}
