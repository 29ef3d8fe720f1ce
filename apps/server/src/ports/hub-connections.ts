import type { ConversationId, UserId, UserStatus } from "@hubbub/contract";

/** A connection of the chat or the presence hub on this node: whoever has one is there. */
export interface PresentConnection {
  readonly id: string;
  readonly userId: UserId;
}

/** Hears of connections as they come and go. */
export interface ConnectionObserver {
  connected(connection: PresentConnection): void;
  disconnected(connection: PresentConnection): void;
}

/** What belongs to single connections of this node, and ends with them. */
export interface HubConnections {
  /** Undefined once it has ended. */
  userOf(connection: string): UserId | undefined;
  viewedBy(connection: string): ReadonlySet<ConversationId>;
  /**
   * From now on typing in the conversation reaches the connection, and where `isHeardViewed` everything else does too.
   * @param judge whether its person may; a removal that happens meanwhile wins
   * @returns what was judged
   */
  view<Found extends { readonly isHeardViewed: boolean }>(
    connection: string,
    conversation: ConversationId,
    judge: () => Promise<Found | undefined>,
  ): Promise<Found | undefined>;
  unview(connection: string, conversation: ConversationId): void;
  viewedConversations(): ConversationId[];
  viewersOf(conversation: ConversationId): string[];
  tell(connection: string, status: UserStatus): void;
}
