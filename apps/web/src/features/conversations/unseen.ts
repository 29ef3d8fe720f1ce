import type { ConversationState } from "@hubbub/client";
import type { ConversationId, UserId } from "@hubbub/contract";
import { useSyncExternalStore } from "react";

/**
 * What was shown in this browser, by the seq of the newest message, until the server keeps read marks for the page.
 * Sending moves the server's own mark [L22].
 */
const prefix = "hubbub.seen.";
const listeners = new Set<() => void>();

function readSeen(id: ConversationId): number | undefined {
  const stored = localStorage.getItem(prefix + id);
  return stored === null ? undefined : Number(stored);
}

export function markSeen(id: ConversationId, seq: number): void {
  if ((readSeen(id) ?? -1) >= seq) return;
  localStorage.setItem(prefix + id, String(seq));
  for (const listener of listeners) listener();
}

/** On leaving this browser. */
export function forgetSeen(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useIsUnseen({ conversation }: ConversationState, ownId: UserId): boolean {
  const { id, lastMessage, me } = conversation;
  return useSyncExternalStore(subscribe, () => {
    if (lastMessage === undefined || lastMessage.senderId === ownId) return false;
    return lastMessage.seq > Math.max(readSeen(id) ?? 0, me.readSeq);
  });
}
