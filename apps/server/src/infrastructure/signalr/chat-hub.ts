import {
  type ChatEventName,
  type ChatEvents,
  type ConversationId,
  limits,
  type SessionEnd,
  type SessionId,
  type UserId,
} from "@hubbub/contract";
import {
  type BackplaneFactory,
  type Connection,
  createSignalR,
  defineHub,
  HubError,
  type HubMethod,
  type HubServer,
  type Logger,
  type SignalR,
} from "@hubbub/signalr";
import type { Actor } from "../../ports/actor.ts";
import type { Broadcaster, Membership } from "../../ports/broadcaster.ts";
import type { HubMethods } from "../../ports/hub-methods.ts";
import { RecentHeads } from "./recent-heads.ts";

export interface ChatHubDeps {
  readonly methods: HubMethods;
  readonly authenticate: (token: string) => Promise<Actor | undefined>;
  /** Whether the session still lives: it may have ended between negotiate and the handshake. */
  readonly isLiving: (actor: Actor) => boolean;
  readonly conversationsOf: (user: UserId) => Promise<ConversationId[]>;
  readonly allowsOrigin: (request: Request) => boolean;
  readonly logger: Logger;
  /** The same on all nodes: what was negotiated on one may open its socket on another. */
  readonly tokenKey: Uint8Array;
  /** Joins the nodes. */
  readonly backplane: BackplaneFactory | undefined;
}

/** Sends that one client may have under way at once, so that it need not wait for a commit between two. */
const PARALLEL_INVOCATIONS = 100;

interface ChatTypes {
  readonly user: Actor;
  readonly events: ChatEvents;
}

type ChatConnection = Connection<ChatTypes>;

/** The group of those who hear a conversation. Clients cannot join a group by name. */
const groupOf = (conversation: ConversationId): string => `c:${conversation}`;

/** `/hubs/chat`, and through it the way to everyone who is connected here. */
export class ChatHub implements Broadcaster {
  #server: HubServer<ChatTypes> | undefined;
  /** Connections that are reading their conversations, with what has changed meanwhile: true joined, false left. */
  readonly #connecting = new Map<UserId, Set<Map<ConversationId, boolean>>>();

  /** Looks at the database under way, with what has changed here meanwhile. */
  readonly #looks = new Set<Set<string>>();
  readonly #heads = new RecentHeads();
  #isJoined = false;

  /** Builds the hub's server. Until then nobody is connected. */
  serve({ methods, authenticate, isLiving, conversationsOf, allowsOrigin, logger, ...fleet }: ChatHubDeps): SignalR {
    const hub = defineHub<ChatTypes>()({
      path: "/hubs/chat",
      methods: hubMethods(methods),
      authenticate: async (_request, { token }) => {
        const actor = token === undefined ? undefined : await authenticate(token);
        return actor === undefined ? null : { userId: actor.userId, user: actor };
      },
      onConnected: (connection) => this.#connected(connection, isLiving, conversationsOf),
      allowedOrigins: (_origin, request) => allowsOrigin(request),
      maximumMessageSize: limits.hubMessage,
      maximumParallelInvocations: PARALLEL_INVOCATIONS,
    });
    const { backplane, tokenKey } = fleet;
    this.#isJoined = backplane !== undefined;
    const signalr = createSignalR({ hubs: [hub], logger, tokenKey, ...(backplane !== undefined && { backplane }) });
    this.#server = signalr.hub(hub);
    return signalr;
  }

  toConversation<Name extends ChatEventName>(id: ConversationId, event: Name, payload: ChatEvents[Name]): void {
    if ("pts" in payload) this.#heads.note(id, payload.pts);
    this.#server?.clients.group(groupOf(id)).send(event, payload);
  }

  toConversations<Name extends ChatEventName>(
    ids: readonly ConversationId[],
    event: Name,
    payload: ChatEvents[Name],
  ): void {
    this.#server?.clients.groups(ids.map(groupOf)).send(event, payload);
  }

  toUser<Name extends ChatEventName>(id: UserId, event: Name, payload: ChatEvents[Name]): void {
    this.#server?.clients.user(id).send(event, payload);
  }

  isOnline(id: UserId): boolean {
    return this.#isJoined || this.#connectionsOf(id).length > 0;
  }

  subscribe(user: UserId, conversation: ConversationId): void {
    for (const id of this.#connectionsOf(user)) this.#server?.lifetime.addToGroup(id, groupOf(conversation));
    this.#meanwhile(user, conversation, true);
  }

  unsubscribe(user: UserId, conversation: ConversationId): void {
    for (const id of this.#connectionsOf(user)) this.#server?.lifetime.removeFromGroup(id, groupOf(conversation));
    this.#meanwhile(user, conversation, false);
  }

  async follow(read: () => Promise<readonly Membership[]>): Promise<void> {
    const changed = new Set<string>();
    this.#looks.add(changed);
    try {
      for (const { userId, conversationId, isMember, pts } of await read()) {
        if (changed.has(`${userId} ${conversationId}`) || !this.#isHere(userId)) continue;
        if (isMember) {
          this.subscribe(userId, conversationId);
          this.tellHead(conversationId, pts);
        } else this.unsubscribe(userId, conversationId);
      }
    } finally {
      this.#looks.delete(changed);
    }
  }

  tellHead(conversation: ConversationId, pts: number): void {
    if (!this.#heads.isBehind(conversation, pts)) return;
    this.#heads.note(conversation, pts);
    this.#server?.here.group(groupOf(conversation)).send("ConversationHead", { conversationId: conversation, pts });
  }

  subscribers(conversation: ConversationId): UserId[] {
    const users = new Set(this.#connecting.keys());
    for (const id of this.#server?.lifetime.membersOf(groupOf(conversation)) ?? []) {
      const user = this.#server?.connection(id)?.user.userId;
      if (user !== undefined) users.add(user);
    }
    return [...users];
  }

  endSession(user: UserId, session: SessionId, reason: SessionEnd): void {
    for (const id of this.#connectionsOf(user)) {
      const connection = this.#server?.connection(id);
      if (connection?.user.sessionId !== session) continue;
      connection.send("SessionRevoked", { reason });
      connection.close({ allowReconnect: false });
    }
  }

  #connectionsOf(user: UserId): string[] {
    return this.#server?.lifetime.connectionsOf(user) ?? [];
  }

  #isHere(user: UserId): boolean {
    return this.#connecting.has(user) || this.#connectionsOf(user).length > 0;
  }

  #meanwhile(user: UserId, conversation: ConversationId, joined: boolean): void {
    for (const changed of this.#looks) changed.add(`${user} ${conversation}`);
    for (const changes of this.#connecting.get(user) ?? []) changes.set(conversation, joined);
  }

  /** Runs before the client's first invocation: a sync that it asks for finds it subscribed already. */
  async #connected(
    connection: ChatConnection,
    isLiving: ChatHubDeps["isLiving"],
    conversationsOf: ChatHubDeps["conversationsOf"],
  ): Promise<void> {
    if (!isLiving(connection.user)) {
      connection.close();
      return;
    }
    const { userId } = connection.user;
    const changes = new Map<ConversationId, boolean>();
    const ofUser = this.#connecting.get(userId) ?? new Set();
    this.#connecting.set(userId, ofUser.add(changes));
    try {
      for (const id of await conversationsOf(userId))
        if (changes.get(id) !== false) this.#server?.lifetime.addToGroup(connection.id, groupOf(id));
    } catch {
      connection.close({ error: "UNAVAILABLE: The server cannot do this right now. Try again.", allowReconnect: true });
    } finally {
      ofUser.delete(changes);
      if (ofUser.size === 0) this.#connecting.delete(userId);
    }
  }
}

function hubMethods(methods: HubMethods): Record<string, HubMethod<ChatTypes>> {
  const byName = Object.entries(methods).map(([name, method]): [string, HubMethod<ChatTypes>] => [
    name,
    async (call, ...args) => {
      const outcome = await method(call.user, args);
      if (!outcome.ok) throw new HubError(outcome.error);
      return outcome.value;
    },
  ]);
  return Object.fromEntries(byName);
}
