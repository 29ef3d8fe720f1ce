import type {
  ChatEventName,
  ChatEvents,
  ConversationId,
  NotificationEventName,
  NotificationEvents,
  SessionEnd,
  SessionId,
  UserId,
} from "@hubbub/contract";

/** Whether someone hears a conversation, as the database had it a moment ago. */
export interface Membership {
  readonly userId: UserId;
  readonly conversationId: ConversationId;
  readonly isMember: boolean;
  /** Where the conversation stands. */
  readonly pts: number;
}

/** Of which messages of a conversation a person is alerted, as the database had it a moment ago [P10]. */
export interface AlertLevel {
  readonly userId: UserId;
  readonly conversationId: ConversationId;
  readonly level: "all" | "mentions" | "called" | "nothing";
}

/** Delivers events to whoever is connected now; at most once, in order per conversation on one node [L19]. */
export interface Broadcaster {
  toConversation<Name extends ChatEventName>(id: ConversationId, event: Name, payload: ChatEvents[Name]): void;
  toUser<Name extends ChatEventName>(id: UserId, event: Name, payload: ChatEvents[Name]): void;
  /** Whether this person may be connected, here or to another node that pushes reach. */
  isOnline(id: UserId): boolean;
  /** From now on this person's connections, also those being set up, hear the conversation. */
  subscribe(user: UserId, conversation: ConversationId): void;
  /** After this returns no frame of the conversation is sent to them any more. */
  unsubscribe(user: UserId, conversation: ConversationId): void;
  /** Brings who hears what here in step with what was read, but for what has changed here while it was read. */
  follow(read: () => Promise<readonly Membership[]>): Promise<void>;
  /** The same for alerts. */
  followAlerts(read: () => Promise<readonly AlertLevel[]>): Promise<void>;
  /** Tells those who hear it here where the log stands, unless they were told as much [L20]. */
  tellHead(conversation: ConversationId, pts: number): void;
  /** Asks this person's connections here to sync, unless they were told as much of the inbox [L20]. */
  tellInbox(user: UserId, userPts: number): void;
  /** The connected people who hear the conversation, and those being set up, who may be about to. */
  subscribers(conversation: ConversationId): UserId[];
  /** To everyone who hears one of the conversations; who hears several may get it several times. */
  toConversations<Name extends ChatEventName>(
    ids: readonly ConversationId[],
    event: Name,
    payload: ChatEvents[Name],
  ): void;
  /**
   * To who views the conversation, but for the sender's connections here. Where it is hidden from people, it goes to
   * viewers here alone: other nodes would not know whom to leave out.
   */
  toViewers<Name extends ChatEventName>(
    id: ConversationId,
    event: Name,
    payload: ChatEvents[Name] & { readonly userId: UserId },
    hiddenFrom: readonly UserId[],
  ): void;
  /** To who takes alerts of the conversation, or of mentions where it is one, but for the connections here of some people. */
  alert(alert: NotificationEvents["HasNewMessage"], except: readonly UserId[]): void;
  /** Alerts one person, whichever conversations they take alerts of. */
  alertUser<Name extends NotificationEventName>(id: UserId, event: Name, payload: NotificationEvents[Name]): void;
  /** Closes the sockets of a session that has ended; their clients are told why, and not to come back. */
  endSession(user: UserId, session: SessionId, reason: SessionEnd): void;
}
