import {
  type ConversationId,
  type ConversationType,
  hubOnlyOperations,
  laneOf,
  limits,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { defineHubOnlyOperation, type HubOnlyOperation } from "../../operations/hub-only-operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import type { HubConnections } from "../../ports/hub-connections.ts";
import { readMembersPresence } from "./read-presence.ts";
import type { Watches } from "./watches.ts";

export interface JoinConversationDeps {
  readonly db: Database;
  readonly connections: HubConnections;
  readonly watches: Watches;
}

/** Who is present is told at once, unless too many are members; of the others it is known then that they are not. */
export function joinConversationOperation({ db, connections, watches }: JoinConversationDeps): HubOnlyOperation {
  return defineHubOnlyOperation(
    hubOnlyOperations.joinConversation,
    async ({ conversationId }, { userId }, connection) => {
      const viewed = connections.viewedBy(connection);
      if (!viewed.has(conversationId) && viewed.size >= limits.viewedConversations)
        return fail("QUOTA_EXCEEDED", `A connection views at most ${limits.viewedConversations} conversations.`);
      const head = await connections.view(connection, conversationId, () => readHead(db, conversationId, userId));
      if (head === undefined) return fail("NOT_FOUND");
      if (head.member_count <= limits.presenceMembers) {
        const known = watches.toldOf(connection);
        for (const status of await readMembersPresence(db, userId, conversationId, known))
          if (watches.isNews(connection, status) || status.presence !== "offline") connections.tell(connection, status);
        if (connections.userOf(connection) === undefined) watches.end(connection);
      }
      return ok({ seq: head.seq, pts: head.pts });
    },
  );
}

export function leaveConversationOperation({
  connections,
}: Pick<JoinConversationDeps, "connections">): HubOnlyOperation {
  return defineHubOnlyOperation(hubOnlyOperations.leaveConversation, ({ conversationId }, _actor, connection) => {
    connections.unview(connection, conversationId);
    return ok(null);
  });
}

interface HeadRow {
  readonly type: ConversationType;
  readonly member_count: number;
  readonly seq: number;
  readonly pts: number;
}

async function readHead(db: Database, id: ConversationId, userId: UserId) {
  const { rows } = await sql<HeadRow>`
    select c.type, c.member_count, c.seq, c.pts
    from conversation_members me join conversations c on c.lane = me.lane and c.id = me.conversation_id
    where me.lane = ${laneOf(id)} and me.conversation_id = ${id} and me.user_id = ${userId} and me.left_pts is null
  `.execute(db);
  const [head] = rows;
  if (head === undefined) return undefined;
  return { ...head, isHeardViewed: head.type === "channel" && head.member_count > limits.channelHeardUnviewed };
}
