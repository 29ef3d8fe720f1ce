import { laneOf, limits, operations, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";

interface ReceiptRow {
  readonly version: number | null;
  readonly user_id: UserId;
  readonly delivered_seq: number;
  readonly read_seq: number;
}

export interface ListReceiptsDeps {
  readonly db: Database;
  /** Whether direct messages pass between friends alone. */
  readonly friendsOnly: boolean;
}

export function listReceiptsOperation({ db, friendsOnly }: ListReceiptsDeps): Operation {
  return defineOperation(operations.listReceipts, {
    handle: async ({ conversationId }, { userId }) => {
      // one statement: who asks is a member in the very moment in which the marks are read
      const { rows } = await sql<ReceiptRow>`
        select v.version, x.user_id, x.delivered_seq, x.read_seq
        from conversation_members me
        join conversations c on c.lane = me.lane and c.id = me.conversation_id
        left join conversation_receipts v on v.lane = me.lane and v.conversation_id = me.conversation_id
        cross join lateral (
          select me.user_id, me.delivered_seq, me.read_seq
          union all
          select x.user_id, x.delivered_seq, x.read_seq from conversation_members x
          where c.member_count <= ${limits.receiptsMembers} and x.lane = me.lane
            and x.conversation_id = me.conversation_id and x.left_pts is null and x.user_id <> me.user_id
            and shows_receipts(x.lane, x.conversation_id, c.type, x.user_id, me.user_id, ${friendsOnly})
        ) x
        where me.lane = ${laneOf(conversationId)} and me.conversation_id = ${conversationId}
          and me.user_id = ${userId} and me.left_pts is null
        order by x.user_id
      `.execute(db);
      const [first] = rows;
      if (first === undefined) return fail("NOT_FOUND");
      return ok({
        items: rows.map(({ user_id, delivered_seq: deliveredSeq, read_seq: readSeq }) => ({
          userId: user_id,
          deliveredSeq,
          readSeq,
        })),
        receiptsVersion: first.version ?? 0,
      });
    },
    rest: (body) => ({ body }),
  });
}
