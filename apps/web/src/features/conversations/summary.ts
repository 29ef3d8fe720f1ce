import {
  asIntended,
  type ConversationState,
  type Conversations,
  type PendingMessage,
  type Users,
} from "@hubbub/client";
import type { Conversation, Message, UserId } from "@hubbub/contract";
import { plainTextOf } from "../chat/index.ts";
import { gist } from "../media/index.ts";
import { systemText } from "./system-text.ts";

/** What a conversation is called by the one who looks at it. */
export function titleOf({ type, title, peer }: Conversation, ownId: UserId): string {
  if (type === "direct") return peer === undefined || peer.id === ownId ? "Notes to yourself" : peer.displayName;
  return title ?? (type === "group" ? "Unnamed group" : "Unnamed channel");
}

/** What gives a conversation its colour: a person has one everywhere. */
export function colorKeyOf({ id, peer }: Conversation): string {
  return peer?.id ?? id;
}

/** What the list tells of a conversation's newest message. */
export function previewOf({ conversation, pending, changing }: ConversationState, ownId: UserId, users: Users): string {
  const waiting = pending.findLast(isMain);
  if (waiting !== undefined) return `You: ${gist(oneLine(waiting.text), waiting.attachments)}`;
  const { lastMessage } = conversation;
  if (lastMessage === undefined) return "No messages yet";
  return messageLine(asIntended(lastMessage, changing, ownId), conversation, ownId, users);
}

/** A message in a line: who says what. */
export function messageLine(message: Message, { type }: Conversation, ownId: UserId, users: Users): string {
  if (message.kind === "system") return systemText(message.system, message.senderId, namesFor(ownId, users));
  const text = message.deletedAt === undefined ? gist(oneLine(message.text ?? ""), message.media) : "Message deleted";
  if (message.senderId === ownId) return `You: ${text}`;
  const sender = users.get(message.senderId);
  return type === "direct" || sender === undefined ? text : `${sender.displayName}: ${text}`;
}

/** How one's own view calls people. */
export function namesFor(ownId: UserId, users: Users) {
  return (id: UserId, place: "subject" | "object"): string => {
    if (id === ownId) return place === "subject" ? "You" : "you";
    return users.get(id)?.displayName ?? (place === "subject" ? "Someone" : "someone");
  };
}

/** Replies are told of in their thread alone [L15]. */
const isMain = ({ threadRootId }: PendingMessage): boolean => threadRootId === undefined;

function oneLine(text: string): string {
  return plainTextOf(text).slice(0, 200).replace(/\s+/g, " ");
}

/** When something last happened in it. */
export function activityOf({ conversation, pending }: ConversationState): string {
  return pending.findLast(isMain)?.createdAt ?? conversation.lastMessage?.createdAt ?? conversation.createdAt;
}

export interface ListedConversations {
  /** Pinned ones first, then by activity, the newest first. */
  readonly shown: readonly ConversationState[];
  readonly archived: readonly ConversationState[];
}

/** Those whose name has every word of the filter. */
export function listed(conversations: Conversations, ownId: UserId, filter: string): ListedConversations {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = [...conversations.values()].filter(({ conversation }) => {
    const name = `${titleOf(conversation, ownId)} ${conversation.peer?.username ?? ""}`.toLocaleLowerCase();
    return words.every((word) => name.includes(word));
  });
  const isPinned = ({ conversation }: ConversationState): boolean => conversation.me.settings.pinned;
  found.sort((a, b) => Number(isPinned(b)) - Number(isPinned(a)) || (activityOf(a) < activityOf(b) ? 1 : -1));
  const isArchived = ({ conversation }: ConversationState): boolean => conversation.me.settings.archived;
  return { shown: found.filter((each) => !isArchived(each)), archived: found.filter(isArchived) };
}

export function memberCountOf({ memberCount }: Pick<Conversation, "memberCount">): string {
  return memberCount === 1 ? "1 member" : `${memberCount.toLocaleString()} members`;
}

/** Owners and admins rename, add and remove. */
export function mayManage({ type, me }: Conversation): boolean {
  return type !== "direct" && me.role !== "member";
}

/** In direct conversations both do, elsewhere owners and admins. */
export function mayPin({ type, me }: Conversation): boolean {
  return type === "direct" || me.role !== "member";
}

export function mayPost({ posting, peer, me }: Conversation): boolean {
  return peer?.isDeleted !== true && (posting === "everyone" || me.role !== "member");
}
