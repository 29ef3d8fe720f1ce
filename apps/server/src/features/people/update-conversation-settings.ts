import { type ConversationId, laneOf, type OperationInput, operations, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";
import type { ChangePairDeps } from "./change-pair.ts";
import { conversationSettingsColumns, conversationSettingsView } from "./conversation-settings.ts";
import { pushPersonal, tellPeople } from "./personal-entries.ts";

export function updateConversationSettingsOperation({ db, broadcaster }: ChangePairDeps): Operation {
  return defineOperation(operations.updateConversationSettings, {
    handle: async (input, { userId }) => {
      const { conversationId } = input;
      const done = await db.transaction().execute(async (tx) => {
        if (!(await isMember(tx, conversationId, userId))) return undefined;
        const chosen = columnsOf(input);
        const row = await tx
          .insertInto("conversation_settings")
          .values({ lane: laneOf(conversationId), conversation_id: conversationId, user_id: userId, ...chosen })
          .onConflict((conflict) => conflict.columns(["lane", "conversation_id", "user_id"]).doUpdateSet(chosen))
          .returning(conversationSettingsColumns)
          .executeTakeFirstOrThrow();
        await forgetEntry(tx, conversationId, userId);
        return {
          told: await tellPeople(tx, userId, [{ userId, event: "SettingsUpdated", conversationId }]),
          settings: conversationSettingsView(row),
        };
      });
      if (done === undefined) return fail("NOT_FOUND");
      pushPersonal(broadcaster, done.told);
      return ok({ settings: done.settings });
    },
    rest: (body) => ({ body }),
  });
}

/** Takes the lock of the member's row first, which whoever ends the membership takes as well [L3] [L7]. */
async function isMember(tx: Transactor, conversationId: ConversationId, userId: UserId): Promise<boolean> {
  const lane = laneOf(conversationId);
  await sql`
    select from conversation_members m
    where m.lane = ${lane} and m.conversation_id = ${conversationId} and m.user_id = ${userId}
    for no key update`.execute(tx);
  const { rows } = await sql`
    select from conversation_members m join conversations c on c.lane = m.lane and c.id = m.conversation_id
    where m.lane = ${lane} and m.conversation_id = ${conversationId} and m.user_id = ${userId} and m.left_pts is null
  `.execute(tx);
  return rows.length > 0;
}

/** The conversation's earlier entry, which would tell what the new one tells. */
async function forgetEntry(tx: Transactor, conversationId: ConversationId, userId: UserId): Promise<void> {
  await tx
    .deleteFrom("user_inbox")
    .where("user_id", "=", userId)
    .where("event", "=", "SettingsUpdated")
    .where("conversation_id", "=", conversationId)
    .execute();
}

function columnsOf(input: OperationInput<"updateConversationSettings">) {
  const { mutedUntil, notify, pinned, archived, draft } = input;
  return {
    ...(mutedUntil !== undefined && { muted_until: mutedUntil === null ? null : new Date(mutedUntil) }),
    ...(notify !== undefined && { notify }),
    ...(pinned !== undefined && { pinned }),
    ...(archived !== undefined && { archived }),
    ...(draft !== undefined && { draft }),
  };
}
