import type { Conversations } from "@hubbub/client";
import type { Conversation, UserId } from "@hubbub/contract";
import { searchPath } from "../chat/index.ts";
import { titleOf } from "./summary.ts";

/** Those with a name, as it stands in a query. */
export function namesakes(name: string, conversations: Conversations, ownId: UserId): readonly Conversation[] {
  const wanted = plain(name).toLocaleLowerCase();
  return [...conversations.values()]
    .map(({ conversation }) => conversation)
    .filter((conversation) => plain(titleOf(conversation, ownId)).toLocaleLowerCase() === wanted);
}

/** What a conversation is called in a query: its title, or its id where several have the same one. */
export function nameInQuery(conversation: Conversation, conversations: Conversations, ownId: UserId): string {
  const title = plain(titleOf(conversation, ownId));
  return namesakes(title, conversations, ownId).length > 1 ? conversation.id : title;
}

/** Where one searches in a conversation. */
export function searchPathIn(conversation: Conversation, conversations: Conversations, ownId: UserId): string {
  return searchPath(`in:"${nameInQuery(conversation, conversations, ownId)}"`);
}

/** Quotation marks end a name in a query. */
const plain = (title: string): string => title.replaceAll('"', "").replace(/\s+/gu, " ").trim();
