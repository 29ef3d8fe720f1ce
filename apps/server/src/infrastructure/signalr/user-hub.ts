import { type HubName, limits, type SessionId, type UserId } from "@hubbub/contract";
import {
  defineHub,
  type Hub,
  type HubConnection,
  type HubContext,
  HubError,
  type HubMethod,
  type SignalR,
} from "@hubbub/signalr";
import type { Actor } from "../../ports/actor.ts";
import type { HubFailure, HubMethods, HubMethod as OfferedMethod } from "../../ports/hub-methods.ts";

/** Sends that one client may have under way at once, so that it need not wait for a commit between two. */
const PARALLEL_INVOCATIONS = 100;

interface UserHubTypes<Events extends object> {
  readonly user: Actor;
  readonly events: Events;
}

export type UserConnection<Events extends object> = HubConnection<UserHubTypes<Events>>;

export interface UserHubDeps {
  /** Of all hubs. */
  readonly methods: HubMethods;
  readonly authenticate: (token: string, hub: HubName) => Promise<Actor | undefined>;
  /** Whether the session still lives: it may have ended between negotiate and the handshake. */
  readonly isLiving: (actor: Actor) => boolean;
  readonly allowsOrigin: (request: Request) => boolean;
}

export interface UserHubHooks<Events extends object> {
  /** Whether the person may have this connection beside their others. */
  readonly admits: (connection: UserConnection<Events>) => boolean;
  /** Before the connection's first invocation. A throw ends it, to be tried again. */
  readonly connected: (connection: UserConnection<Events>) => Promise<void> | void;
  readonly disconnected: (connection: UserConnection<Events>) => void;
  /** An invocation that wanted no answer has failed. */
  readonly failed: (connection: Pick<UserConnection<Events>, "send">, failure: HubFailure) => void;
}

/** What the hubs have in common: who may connect to each, and what they offer. */
export function defineUserHub<Events extends object>(
  name: HubName,
  deps: UserHubDeps,
  hooks: UserHubHooks<Events>,
): Hub<UserHubTypes<Events>> {
  const offered = Object.entries(deps.methods).filter(([, { on }]) => on.includes(name));
  const ofKind = (streams: boolean) =>
    Object.fromEntries(
      offered
        .filter(([, method]) => method.streams === streams)
        .map(([title, method]): [string, HubMethod<UserHubTypes<Events>>] => [title, handlerOf(method, hooks.failed)]),
    );
  return defineHub<UserHubTypes<Events>>()({
    path: `/hubs/${name}`,
    methods: ofKind(false),
    streams: ofKind(true),
    authenticate: async (_request, { token }) => {
      const actor = token === undefined ? undefined : await deps.authenticate(token, name);
      return actor === undefined ? null : { userId: actor.userId, user: actor };
    },
    onConnected: async (connection) => {
      if (!deps.isLiving(connection.user)) return connection.close();
      if (!hooks.admits(connection))
        return connection.close({ error: "RATE_LIMITED: You have too many connections.", allowReconnect: true });
      try {
        await hooks.connected(connection);
      } catch {
        connection.close({
          error: "UNAVAILABLE: The server cannot do this right now. Try again.",
          allowReconnect: true,
        });
      }
    },
    onDisconnected: (connection) => hooks.disconnected(connection),
    allowedOrigins: (_origin, request) => deps.allowsOrigin(request),
    maximumMessageSize: limits.hubMessage,
    maximumParallelInvocations: PARALLEL_INVOCATIONS,
  });
}

function handlerOf<Events extends object>(
  { call: invoke }: OfferedMethod,
  failed: UserHubHooks<Events>["failed"],
): HubMethod<UserHubTypes<Events>> {
  return async ({ user, connection, invocationId }, ...args) => {
    const outcome = await invoke(user, args, connection.id);
    if (outcome.ok) return outcome.value;
    if (invocationId === undefined) failed(connection, outcome.failure);
    throw new HubError(`${outcome.failure.code}: ${outcome.failure.detail}`);
  };
}

/** One hub at work. */
export class UserHub<Events extends object> {
  readonly #server: HubContext<UserHubTypes<Events>>;

  constructor(signalr: SignalR, definition: Hub<UserHubTypes<Events>>) {
    this.#server = signalr.hub(definition);
  }

  get clients() {
    return this.#server.clients;
  }

  /** Those of this node alone. */
  get here() {
    return this.#server.here;
  }

  get lifetime() {
    return this.#server.lifetime;
  }

  connection(id: string): UserConnection<Events> | undefined {
    return this.#server.connection(id);
  }

  connectionsOf(user: UserId): string[] {
    return this.#server.lifetime.connectionsOf(user);
  }

  /** @returns whether one of their connections was not in it */
  join(user: UserId, group: string): boolean {
    return this.connectionsOf(user)
      .map((id) => this.#server.lifetime.addToGroup(id, group))
      .includes(true);
  }

  leave(user: UserId, group: string): void {
    for (const id of this.connectionsOf(user)) this.#server.lifetime.removeFromGroup(id, group);
  }

  /** @param tell says the last that such a connection hears */
  endSession(user: UserId, session: SessionId, tell: (connection: UserConnection<Events>) => void): void {
    for (const id of this.connectionsOf(user)) {
      const connection = this.connection(id);
      if (connection?.user.sessionId !== session) continue;
      tell(connection);
      connection.close({ allowReconnect: false });
    }
  }
}
