import type { HubOnlyOperation } from "../../operations/hub-only-operation.ts";
import type { Operation } from "../../operations/operation.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { ConnectionObserver, HubConnections } from "../../ports/hub-connections.ts";
import { joinConversationOperation, leaveConversationOperation } from "./join-conversation.ts";
import { Presence, type PresenceDeps } from "./presence.ts";
import { type StartTypingDeps, startTypingOperation, stopTypingOperation } from "./start-typing.ts";
import { Typing } from "./typing.ts";
import { updateStatusOperation } from "./update-status.ts";
import { unwatchPresenceOperation, watchPresenceOperation } from "./watch-presence.ts";

export { accountEndsConsumer } from "./account-ends.ts";
export { presenceSections } from "./personal-sections.ts";
export { readPresence } from "./read-presence.ts";
export { unseen } from "./seen-presence.ts";

export interface PresenceSliceDeps extends PresenceDeps {
  readonly broadcaster: Pick<Broadcaster, "toViewers">;
  readonly connections: HubConnections;
  readonly mayWriteIn: StartTypingDeps["mayWriteIn"];
}

export interface PresenceSlice {
  readonly presence: Presence;
  readonly operations: readonly Operation[];
  readonly hubOnly: readonly HubOnlyOperation[];
  readonly observers: readonly ConnectionObserver[];
}

/** Who is there, what they say of it, what they look at and where they type. */
export function createPresence(deps: PresenceSliceDeps): PresenceSlice {
  const { connections } = deps;
  const presence = new Presence(deps);
  const { watches } = presence;
  const typing = new Typing(deps.clock);
  const userOf = (connection: string) => connections.userOf(connection);
  return {
    presence,
    operations: [updateStatusOperation(deps)],
    hubOnly: [
      joinConversationOperation({ ...deps, watches }),
      leaveConversationOperation(deps),
      startTypingOperation({ ...deps, typing }),
      stopTypingOperation({ ...deps, typing }),
      watchPresenceOperation({ ...deps, watches, userOf }),
      unwatchPresenceOperation({ watches }),
    ],
    observers: [presence, { connected: () => undefined, disconnected: ({ id }) => typing.left(id) }],
  };
}
