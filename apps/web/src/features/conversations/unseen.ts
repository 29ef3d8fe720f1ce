import type { ConversationState } from "@hubbub/client";
import type { ConversationId, UserId } from "@hubbub/contract";
import { useSyncExternalStore } from "react";
import { privateStorage } from "../auth/index.ts";

/**
 * What was shown in this browser, by the seq of the newest message, until the server keeps read marks for the page.
 * Sending moves the server's own mark [L22].
 */
const keyOf = (id: ConversationId): string => `seen.${id}`;
const listeners = new Set<() => void>();

function readSeen(id: ConversationId): number | undefined {
  const stored = privateStorage.read(keyOf(id));
  return stored === undefined ? undefined : Number(stored);
}

export function markSeen(id: ConversationId, seq: number): void {
  if ((readSeen(id) ?? -1) >= seq) return;
  privateStorage.write(keyOf(id), String(seq));
  for (const listener of listeners) listener();
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
