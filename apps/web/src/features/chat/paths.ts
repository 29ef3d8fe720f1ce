import { type ConversationId, conversationId } from "@hubbub/contract";

const prefix = "/c/";

export function conversationPath(id: ConversationId): string {
  return prefix + id;
}

/** Which conversation a path leads to; `id` is undefined where it can be none. */
export function parseConversationPath(path: string): { readonly id: ConversationId | undefined } | undefined {
  if (!path.startsWith(prefix)) return undefined;
  return { id: conversationId.safeParse(path.slice(prefix.length)).data };
}

const invitePrefix = "/invite/";

export function invitePath(token: string): string {
  return invitePrefix + token;
}

/** The token of a link into a conversation. */
export function parseInvitePath(path: string): string | undefined {
  return path.startsWith(invitePrefix) && path.length > invitePrefix.length
    ? path.slice(invitePrefix.length)
    : undefined;
}
