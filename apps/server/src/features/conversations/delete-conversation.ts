import { type ConversationId, laneOf, operations, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import type { Transactor } from "../../ports/database.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { type ChangeConversationDeps, changeConversation } from "./change-conversation.ts";
import { appendChanges } from "./change-log.ts";
import { settleInvitations } from "./invitations.ts";
import { may } from "./permissions.ts";

/**
 * For everyone: the conversation and who is in it are gone with the commit; what was said follows by the outbox [C7].
 * A direct one is only hidden, from the caller, until its next message [C8].
 */
export function deleteConversationOperation(deps: ChangeConversationDeps): Operation {
  return defineOperation(operations.deleteConversation, {
    handle: ({ conversationId }, { userId }) =>
      changeConversation(deps, conversationId, userId, async (tx, locked, demand) => {
        if (locked.type === "direct") {
          demand(may("hide", locked));
          await hide(tx, conversationId, userId);
          return { changes: [], value: null };
        }
        demand(may("deleteForEveryone", locked));
        return { ...(await removeConversation(tx, deps.outbox, conversationId, userId)), value: null };
      }),
    rest: (body) => ({ body }),
  });
}

async function hide(tx: Transactor, id: ConversationId, userId: UserId): Promise<void> {
  await sql`select hide_conversation(${laneOf(id)}::smallint, ${id}::uuid, ${userId}::uuid)`.execute(tx);
}

/** The end of a conversation for everyone [C7]. The caller holds its lock and has judged. */
export async function removeConversation(tx: Transactor, outbox: Outbox, id: ConversationId, by: UserId) {
  const changes = await appendChanges(tx, outbox, id, by, [{ event: "ConversationDeleted" as const, payload: { by } }]);
  const events = await settleInvitations(tx, outbox, { conversationId: id, by, status: "withdrawn" });
  const lane = laneOf(id);
  const tables = ["conversation_members", "conversation_bans", "conversation_invites", "direct_conversations"] as const;
  for (const table of tables)
    await tx.deleteFrom(table).where("lane", "=", lane).where("conversation_id", "=", id).execute();
  await tx.deleteFrom("conversations").where("lane", "=", lane).where("id", "=", id).execute();
  return { changes, events };
}
