import type { ConversationId } from "@hubbub/contract";
import { privateStorage } from "../auth/index.ts";

const keyOf = (id: ConversationId): string => `draft.${id}`;

export function readDraft(id: ConversationId): string {
  return privateStorage.read(keyOf(id)) ?? "";
}

export function saveDraft(id: ConversationId, text: string): void {
  if (text.trim() === "") privateStorage.remove(keyOf(id));
  else privateStorage.write(keyOf(id), text);
}
