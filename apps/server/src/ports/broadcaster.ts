import type { ChatEventName, ChatEvents, ConversationId, SessionEnd, SessionId, UserId } from "@hubbub/contract";

/** Delivers events to whoever is connected now; at most once, in order per conversation on one node [L19]. */
export interface Broadcaster {
  toConversation<Name extends ChatEventName>(id: ConversationId, event: Name, payload: ChatEvents[Name]): void;
  toUser<Name extends ChatEventName>(id: UserId, event: Name, payload: ChatEvents[Name]): void;
  isOnline(id: UserId): boolean;
  /** From now on this person's connections, also those being set up, hear the conversation. */
  subscribe(user: UserId, conversation: ConversationId): void;
  /** After this returns no frame of the conversation is sent to them any more. */
  unsubscribe(user: UserId, conversation: ConversationId): void;
  /** The connected people who hear the conversation, and those being set up, who may be about to. */
  subscribers(conversation: ConversationId): UserId[];
  /** To everyone who hears one of the conversations; who hears several may get it several times. */
  toConversations<Name extends ChatEventName>(
    ids: readonly ConversationId[],
    event: Name,
    payload: ChatEvents[Name],
  ): void;
  /** Closes the sockets of a session that has ended; their clients are told why, and not to come back. */
  endSession(user: UserId, session: SessionId, reason: SessionEnd): void;
}
