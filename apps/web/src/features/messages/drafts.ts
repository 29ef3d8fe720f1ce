import type { ConversationId } from "@hubbub/contract";

const prefix = "hubbub.draft.";

export function readDraft(id: ConversationId): string {
  return localStorage.getItem(prefix + id) ?? "";
}

export function saveDraft(id: ConversationId, text: string): void {
  if (text.trim() === "") localStorage.removeItem(prefix + id);
  else localStorage.setItem(prefix + id, text);
}

/** On leaving this browser: what was not sent is nobody else's business. */
export function forgetDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}
