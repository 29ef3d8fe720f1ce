import { type ConversationId, conversationId, type MessageId, messageId } from "@hubbub/contract";

const prefix = "/c/";

export function conversationPath(id: ConversationId): string {
  return prefix + id;
}

/** A message in its conversation; `seq` never changes. */
export function messagePath(id: ConversationId, seq: number): string {
  return `${prefix}${id}/${seq}`;
}

/** A thread beside its conversation, which may show a message as well. */
export function threadPath(id: ConversationId, rootId: MessageId, seq?: number): string {
  return `${seq === undefined ? conversationPath(id) : messagePath(id, seq)}/thread/${rootId}`;
}

export interface ConversationPlace {
  /** Undefined where the path can name none. */
  readonly id: ConversationId | undefined;
  /** Of the message that is looked for. */
  readonly seq: number | undefined;
  /** Of the thread that is open beside it. */
  readonly threadRootId: MessageId | undefined;
}

const form = /^([^/]+)(?:\/(\d{1,15}))?(?:\/thread\/([^/]+))?$/;

/** Which conversation, and what of it, a path leads to. */
export function parseConversationPath(path: string): ConversationPlace | undefined {
  if (!path.startsWith(prefix)) return undefined;
  const [, id, seq, rootId] = form.exec(path.slice(prefix.length)) ?? [];
  return {
    id: conversationId.safeParse(id).data,
    seq: seq === undefined ? undefined : Number(seq),
    threadRootId: messageId.safeParse(rootId).data,
  };
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

const searchPrefix = "/search";

/** @param query as it is typed */
export function searchPath(query = ""): string {
  return query === "" ? searchPrefix : `${searchPrefix}?q=${encodeURIComponent(query)}`;
}

export function isSearchPath(path: string): boolean {
  return path === searchPrefix;
}
