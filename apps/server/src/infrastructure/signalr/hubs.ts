import type {
  ChatEventName,
  ChatEvents,
  ConnectionLimits,
  ConversationId,
  NotificationEventName,
  NotificationEvents,
  PresenceEvents,
  SessionEnd,
  SessionId,
  UserId,
  UserStatus,
} from "@hubbub/contract";
import { type BackplaneFactory, createSignalR, type HubLifetime, type Logger, type SignalR } from "@hubbub/signalr";
import type { Actor } from "../../ports/actor.ts";
import type { AlertLevel, Broadcaster, Membership } from "../../ports/broadcaster.ts";
import type { ConnectionObserver, HubConnections } from "../../ports/hub-connections.ts";
import { RecentHeads } from "./recent-heads.ts";
import { defineUserHub, UserHub, type UserHubDeps } from "./user-hub.ts";
import { Viewing } from "./viewing.ts";

export interface HubsDeps extends UserHubDeps {
  /** Those that a person's connections hear without viewing them. */
  readonly conversationsOf: (user: UserId) => Promise<ConversationId[]>;
  /** Of which messages a person is alerted, for each conversation of theirs. */
  readonly alertLevelsOf: (user: UserId) => Promise<readonly AlertLevel[]>;
  /** Of the chat and the presence hub. */
  readonly observers: readonly ConnectionObserver[];
  /** Open at once; undefined: any number. */
  readonly connectionLimits: ConnectionLimits | undefined;
  readonly logger: Logger;
  /** The same on all nodes: what was negotiated on one may open its socket on another. */
  readonly tokenKey: Uint8Array;
  /** Joins the nodes. */
  readonly backplane: BackplaneFactory | undefined;
}

interface ServedHubs {
  readonly chat: UserHub<ChatEvents>;
  readonly presence: UserHub<PresenceEvents>;
  readonly notifications: UserHub<NotificationEvents>;
}

/** A connection to whichever hub. */
interface AnyConnection {
  readonly id: string;
  readonly user: Actor;
}

/** The group of those who hear a conversation, on the chat hub, or take its alerts. No client joins a group by name. */
const hearersOf = (conversation: ConversationId): string => `c:${conversation}`;
/** The group of those who take its alerts of mentions alone. */
const mentionsGroup = (conversation: ConversationId): string => `m:${conversation}`;
/** The group of those who view it. */
const viewersGroup = (conversation: ConversationId): string => `v:${conversation}`;

/** `/hubs/chat`, `/hubs/presence`, `/hubs/notifications`, and through them the way to everyone who is connected. */
export class Hubs implements Broadcaster, HubConnections {
  #hubs: ServedHubs | undefined;
  readonly #viewing = new Viewing();
  /** Connections that are reading their conversations, with what has changed meanwhile: true joined, false left. */
  readonly #connecting = new Map<UserId, Set<Map<ConversationId, boolean>>>();
  /** Looks at the database under way, with what has changed here meanwhile. */
  readonly #looks = new Set<Set<string>>();
  readonly #heads = new RecentHeads<ConversationId>();
  readonly #inboxes = new RecentHeads<UserId>();
  #isJoined = false;

  /** Opens the hubs. Until then nobody is connected. */
  serve({ conversationsOf, alertLevelsOf, observers, connectionLimits, ...deps }: HubsDeps): SignalR {
    const admits = (connection: AnyConnection) =>
      connectionLimits === undefined || this.#isWithin(connectionLimits, connection.user);
    const connected = (connection: AnyConnection) => {
      for (const observer of observers) observer.connected(present(connection));
    };
    const disconnected = (connection: AnyConnection) => {
      this.#viewing.endAll(connection.id);
      for (const observer of observers) observer.disconnected(present(connection));
    };
    const chat = defineUserHub<ChatEvents>("chat", deps, {
      admits,
      connected: async (connection) => {
        connected(connection);
        const read = async () => (await conversationsOf(connection.user.userId)).map(heard);
        await this.#subscribeAll(connection, read, () => this.#hubs?.chat);
      },
      disconnected,
      failed: (connection, failure) => connection.send("Error", failure),
    });
    const presence = defineUserHub<PresenceEvents>("presence", deps, {
      ...{ admits, connected, disconnected },
      failed: (connection, failure) => connection.send("Error", failure),
    });
    const notifications = defineUserHub<NotificationEvents>("notifications", deps, {
      admits,
      connected: (connection) =>
        this.#subscribeAll(
          connection,
          async () => (await alertLevelsOf(connection.user.userId)).flatMap(alerted),
          () => this.#hubs?.notifications,
        ),
      disconnected: () => undefined,
      failed: () => undefined,
    });
    const { logger, tokenKey, backplane } = deps;
    this.#isJoined = backplane !== undefined;
    const hubs = [chat, presence, notifications];
    const signalr = createSignalR({ hubs, logger, tokenKey, ...(backplane !== undefined && { backplane }) });
    this.#hubs = {
      chat: new UserHub(signalr, chat),
      presence: new UserHub(signalr, presence),
      notifications: new UserHub(signalr, notifications),
    };
    return signalr;
  }

  toConversation<Name extends ChatEventName>(id: ConversationId, event: Name, payload: ChatEvents[Name]): void {
    if ("pts" in payload) this.#heads.note(id, payload.pts);
    this.#hubs?.chat.clients.group(hearersOf(id)).send(event, payload);
  }

  toConversations<Name extends ChatEventName>(
    ids: readonly ConversationId[],
    event: Name,
    payload: ChatEvents[Name],
  ): void {
    this.#hubs?.chat.clients.groups(ids.map(hearersOf)).send(event, payload);
  }

  toUser<Name extends ChatEventName>(id: UserId, event: Name, payload: ChatEvents[Name]): void {
    if ("userPts" in payload) this.#inboxes.note(id, payload.userPts);
    this.#hubs?.chat.clients.user(id).send(event, payload);
  }

  toViewers<Name extends ChatEventName>(
    id: ConversationId,
    event: Name,
    payload: ChatEvents[Name] & { readonly userId: UserId },
    hiddenFrom: readonly UserId[],
  ): void {
    const chat = this.#hubs?.chat;
    const left = [payload.userId, ...hiddenFrom].flatMap((user) => chat?.connectionsOf(user) ?? []);
    const clients = hiddenFrom.length === 0 ? chat?.clients : chat?.here;
    clients?.groupExcept(viewersGroup(id), left).send(event, payload);
  }

  alert(alert: NotificationEvents["HasNewMessage"], except: readonly UserId[]): void {
    const hub = this.#hubs?.notifications;
    const left = except.flatMap((user) => hub?.connectionsOf(user) ?? []);
    hub?.clients.groupExcept(hearersOf(alert.conversationId), left).send("HasNewMessage", alert);
    if (alert.mention) hub?.clients.groupExcept(mentionsGroup(alert.conversationId), left).send("HasNewMessage", alert);
  }

  alertUser<Name extends NotificationEventName>(id: UserId, event: Name, payload: NotificationEvents[Name]): void {
    this.#hubs?.notifications.clients.user(id).send(event, payload);
  }

  /** Whether someone here is connected to the notifications hub. */
  get takesAlerts(): boolean {
    return (this.#hubs?.notifications.lifetime.size ?? 0) > 0;
  }

  isOnline(id: UserId): boolean {
    return this.#isJoined || (this.#hubs?.chat.connectionsOf(id) ?? []).length > 0;
  }

  subscribe(user: UserId, conversation: ConversationId): void {
    this.#join(user, conversation);
  }

  /** @returns whether one of their chat connections did not hear it before */
  #join(user: UserId, conversation: ConversationId): boolean {
    const isNew = this.#hubs?.chat.join(user, hearersOf(conversation)) ?? false;
    this.#hubs?.notifications.join(user, hearersOf(conversation));
    this.#meanwhile(user, conversation, true);
    return isNew;
  }

  unsubscribe(user: UserId, conversation: ConversationId): void {
    for (const id of this.#hubs?.chat.connectionsOf(user) ?? []) this.unview(id, conversation);
    this.#hubs?.chat.leave(user, hearersOf(conversation));
    this.#takeAlerts({ userId: user, conversationId: conversation, level: "nothing" });
    this.#meanwhile(user, conversation, false);
  }

  async follow(read: () => Promise<readonly Membership[]>): Promise<void> {
    const changed = new Set<string>();
    this.#looks.add(changed);
    try {
      for (const { userId, conversationId, isMember, pts } of await read()) {
        if (changed.has(`${userId} ${conversationId}`) || !this.#isHere(userId)) continue;
        if (isMember) {
          // what others here were told of, even by this node, who did not hear it has missed
          if (this.#join(userId, conversationId))
            this.#hubs?.chat.here.user(userId).send("ConversationHead", { conversationId, pts });
        } else this.unsubscribe(userId, conversationId);
      }
    } finally {
      this.#looks.delete(changed);
    }
  }

  async followAlerts(read: () => Promise<readonly AlertLevel[]>): Promise<void> {
    if (!this.takesAlerts) return;
    const changed = new Set<string>();
    this.#looks.add(changed);
    try {
      for (const found of await read())
        if (!changed.has(`${found.userId} ${found.conversationId}`)) this.#takeAlerts(found);
    } finally {
      this.#looks.delete(changed);
    }
  }

  #takeAlerts({ userId, conversationId, level }: AlertLevel): void {
    const hub = this.#hubs?.notifications;
    const group = alertsGroup(conversationId, level);
    for (const one of [hearersOf(conversationId), mentionsGroup(conversationId)]) {
      if (one === group) hub?.join(userId, one);
      else hub?.leave(userId, one);
    }
  }

  tellHead(conversation: ConversationId, pts: number): void {
    if (!this.#heads.isBehind(conversation, pts)) return;
    this.#heads.note(conversation, pts);
    this.#hubs?.chat.here
      .group(hearersOf(conversation))
      .send("ConversationHead", { conversationId: conversation, pts });
  }

  tellInbox(user: UserId, userPts: number): void {
    if (!this.#inboxes.isBehind(user, userPts)) return;
    this.#inboxes.note(user, userPts);
    this.#hubs?.chat.here.user(user).send("SyncRequired", { reason: "inbox" });
  }

  subscribers(conversation: ConversationId): UserId[] {
    const users = new Set(this.#connecting.keys());
    for (const hub of [this.#hubs?.chat, this.#hubs?.notifications])
      for (const id of hub?.lifetime.membersOf(hearersOf(conversation)) ?? []) {
        const user = hub?.connection(id)?.user.userId;
        if (user !== undefined) users.add(user);
      }
    return [...users];
  }

  endSession(user: UserId, session: SessionId, reason: SessionEnd): void {
    const { chat, presence, notifications } = this.#hubs ?? {};
    chat?.endSession(user, session, (connection) => connection.send("SessionRevoked", { reason }));
    presence?.endSession(user, session, (connection) => connection.send("SessionRevoked", { reason }));
    notifications?.endSession(user, session, (connection) => connection.send("SessionRevoked", { reason }));
  }

  userOf(connection: string): UserId | undefined {
    return (this.#hubs?.chat.connection(connection) ?? this.#hubs?.presence.connection(connection))?.user.userId;
  }

  viewedBy(connection: string): ReadonlySet<ConversationId> {
    return this.#viewing.of(connection);
  }

  async view<Found extends { readonly isHeardViewed: boolean }>(
    connection: string,
    conversation: ConversationId,
    judge: () => Promise<Found | undefined>,
  ): Promise<Found | undefined> {
    this.#viewing.begin(connection, conversation);
    let found: Found | undefined;
    try {
      found = await judge();
    } finally {
      if (found === undefined || this.userOf(connection) === undefined) this.unview(connection, conversation);
    }
    if (found === undefined || !this.#viewing.complete(connection, conversation, found.isHeardViewed)) return undefined;
    this.#hubs?.chat.lifetime.addToGroup(connection, viewersGroup(conversation));
    if (found.isHeardViewed) this.#hubs?.chat.lifetime.addToGroup(connection, hearersOf(conversation));
    return found;
  }

  unview(connection: string, conversation: ConversationId): void {
    const wasHeardViewed = this.#viewing.end(connection, conversation);
    this.#hubs?.chat.lifetime.removeFromGroup(connection, viewersGroup(conversation));
    if (wasHeardViewed) this.#hubs?.chat.lifetime.removeFromGroup(connection, hearersOf(conversation));
  }

  viewedConversations(): ConversationId[] {
    return this.#viewing.conversations();
  }

  viewersOf(conversation: ConversationId): string[] {
    return this.#viewing.viewersOf(conversation);
  }

  tell(connection: string, status: UserStatus): void {
    const open = this.#hubs?.chat.connection(connection) ?? this.#hubs?.presence.connection(connection);
    open?.send("UserStatusChanged", status);
  }

  /** A session is one device's. Counts those of this node, the one that is coming among them. */
  #isWithin({ device, user }: ConnectionLimits, { userId, sessionId }: Actor): boolean {
    const { chat, presence, notifications } = this.#hubs ?? {};
    const open = [chat, presence, notifications].flatMap((hub) =>
      (hub?.connectionsOf(userId) ?? []).map((id) => hub?.connection(id)?.user.sessionId),
    );
    return open.length <= user && open.filter((session) => session === sessionId).length <= device;
  }

  #isHere(user: UserId): boolean {
    const hubs = [this.#hubs?.chat, this.#hubs?.notifications];
    return this.#connecting.has(user) || hubs.some((hub) => (hub?.connectionsOf(user) ?? []).length > 0);
  }

  #meanwhile(user: UserId, conversation: ConversationId, joined: boolean): void {
    for (const changed of this.#looks) changed.add(`${user} ${conversation}`);
    for (const changes of this.#connecting.get(user) ?? []) changes.set(conversation, joined);
  }

  /** Runs before the client's first invocation: a sync that it asks for finds it subscribed already. */
  async #subscribeAll(
    { id, user: { userId } }: AnyConnection,
    read: () => Promise<readonly Subscription[]>,
    hub: () => { readonly lifetime: HubLifetime } | undefined,
  ): Promise<void> {
    const changes = new Map<ConversationId, boolean>();
    const ofUser = this.#connecting.get(userId) ?? new Set();
    this.#connecting.set(userId, ofUser.add(changes));
    try {
      for (const { conversationId, group } of await read())
        if (changes.get(conversationId) !== false) hub()?.lifetime.addToGroup(id, group);
    } finally {
      ofUser.delete(changes);
      if (ofUser.size === 0) this.#connecting.delete(userId);
    }
  }
}

interface Subscription {
  readonly conversationId: ConversationId;
  readonly group: string;
}

const heard = (conversationId: ConversationId): Subscription => ({ conversationId, group: hearersOf(conversationId) });

function alerted({ conversationId, level }: AlertLevel): Subscription[] {
  const group = alertsGroup(conversationId, level);
  return group === undefined ? [] : [{ conversationId, group }];
}

/** Undefined where alerts come to who is called by name alone, or not at all. */
function alertsGroup(conversation: ConversationId, level: AlertLevel["level"]): string | undefined {
  switch (level) {
    case "all":
      return hearersOf(conversation);
    case "mentions":
      return mentionsGroup(conversation);
    case "called":
    case "nothing":
      return undefined;
    default:
      return level satisfies never;
  }
}

function present({ id, user: { userId } }: AnyConnection): { readonly id: string; readonly userId: UserId } {
  return { id, userId };
}
