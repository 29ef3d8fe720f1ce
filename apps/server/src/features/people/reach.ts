import { type ConversationId, laneOf, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { fail, ok, type Result } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";

/**
 * The door of whatever reaches the other person of a direct conversation: edits, reactions, typing; messages have it in
 * `send_messages`. Groups and channels have none [P3] [L14].
 * @param db the transaction that holds the conversation's lock, for what must not race with an unfriending
 * @returns RECIPIENT_UNAVAILABLE, whatever the reason
 */
export async function mayWriteIn(
  db: Database,
  conversationId: ConversationId,
  sender: UserId,
  friendsOnly: boolean,
): Promise<Result<true>> {
  const { rows } = await sql<{ refusal: "RECIPIENT_UNAVAILABLE" | null }>`
    select direct_refusal(${laneOf(conversationId)}::smallint, ${conversationId}::uuid, ${sender}::uuid, ${friendsOnly})
      as refusal
  `.execute(db);
  const refusal = rows[0]?.refusal ?? null;
  return refusal === null ? ok(true) : fail(refusal);
}

/** Whether a person may begin a direct conversation with another one [P3]. */
export async function mayWriteTo(
  db: Database,
  sender: UserId,
  recipient: UserId,
  friendsOnly: boolean,
): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select may_write_to(${sender}::uuid, ${recipient}::uuid, ${friendsOnly}) as may
  `.execute(db);
  return rows[0]?.may === true;
}
