import type { ConversationState } from "@hubbub/client";
import type { ConversationId, UserId } from "@hubbub/contract";
import { useSyncExternalStore } from "react";

/**
 * What was shown on this device, by the seq of the newest message, until the server keeps read marks for the page.
 * A conversation met for the first time counts as seen.
 */
const seen = new Map<ConversationId, number>();
const listeners = new Set<() => void>();

export function markSeen(id: ConversationId, seq: number): void {
  if ((seen.get(id) ?? -1) >= seq) return;
  seen.set(id, seq);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useIsUnseen({ conversation }: ConversationState, ownId: UserId): boolean {
  const { id, seq, lastMessage, me } = conversation;
  return useSyncExternalStore(subscribe, () => {
    if (!seen.has(id)) seen.set(id, me.readSeq > 0 || lastMessage === undefined ? me.readSeq : seq);
    return lastMessage !== undefined && lastMessage.senderId !== ownId && lastMessage.seq > (seen.get(id) ?? 0);
  });
}
