import { hubOnlyOperations, limits, type UserId } from "@hubbub/contract";
import { defineHubOnlyOperation, type HubOnlyOperation } from "../../operations/hub-only-operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { readPresence } from "./read-presence.ts";
import { unseen } from "./seen-presence.ts";
import type { Watches } from "./watches.ts";

export interface WatchPresenceDeps {
  readonly db: Database;
  readonly watches: Watches;
  /** Undefined once the connection has ended. */
  readonly userOf: (connection: string) => UserId | undefined;
}

/** Who may not be seen, and who does not exist, is offline in the answer. */
export function watchPresenceOperation({ db, watches, userOf }: WatchPresenceDeps): HubOnlyOperation {
  return defineHubOnlyOperation(hubOnlyOperations.watchPresence, async ({ userIds }, { userId }, connection) => {
    const people = [...new Set(userIds)];
    const watched = watches.watchedBy(connection);
    const fresh = people.filter((person) => !watched.has(person));
    if (watched.size + fresh.length > limits.watchedUsers.aConnection)
      return fail("QUOTA_EXCEEDED", `A connection watches at most ${limits.watchedUsers.aConnection} people.`);
    watches.watch(connection, people); // before reading, so that nothing falls in between
    const seen = await readPresence(db, userId, people);
    const statuses = people.map((person) => seen.get(person) ?? unseen(person));
    if (userOf(connection) === undefined) watches.end(connection);
    else for (const status of statuses) watches.answered(connection, status);
    return ok(statuses);
  });
}

export function unwatchPresenceOperation({ watches }: Pick<WatchPresenceDeps, "watches">): HubOnlyOperation {
  return defineHubOnlyOperation(hubOnlyOperations.unwatchPresence, ({ userIds }, _actor, connection) => {
    watches.unwatch(connection, userIds);
    return ok(null);
  });
}
