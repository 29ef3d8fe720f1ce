import type { ConversationId, MessageId } from "@hubbub/contract";
import { privateStorage } from "../auth/index.ts";

/** Where something is being written: in a conversation, or in one of its threads. */
export type DraftPlace = ConversationId | MessageId;

const keyOf = (place: DraftPlace): string => `draft.${place}`;

export function readDraft(place: DraftPlace): string {
  return privateStorage.read(keyOf(place)) ?? "";
}

export function saveDraft(place: DraftPlace, text: string): void {
  if (text.trim() === "") privateStorage.remove(keyOf(place));
  else privateStorage.write(keyOf(place), text);
}
