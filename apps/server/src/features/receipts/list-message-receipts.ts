import { limits, operations, type UserId, userId as userIdSchema } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, invalid, ok } from "../../operations/result.ts";
import { visibleMessage } from "../messages/index.ts";
import type { ListReceiptsDeps } from "./list-receipts.ts";

type ReceiptRow = { readonly user_id: UserId; readonly delivered: boolean; readonly read: boolean };

/** A member receives what they see and did not write; the cursor is the person that the page before ended with. */
export function listMessageReceiptsOperation({ db, friendsOnly }: ListReceiptsDeps): Operation {
  return defineOperation(operations.listMessageReceipts, {
    handle: async ({ messageId, cursor, limit }, { userId }) => {
      const after = cursor === undefined ? undefined : userIdSchema.safeParse(cursor);
      if (after?.success === false) return invalid("cursor", "is not one of this list");
      const beyond = after === undefined ? sql`true` : sql`y.user_id > ${after.data}`;
      // one statement: who asks sees the message in the very moment in which the marks are read
      const { rows } = await sql<ReceiptRow | { readonly user_id: null }>`
        select r.user_id, r.delivered_seq >= x.seq as delivered, r.read_seq >= x.seq as read
        from ${visibleMessage(messageId, userId)}
        join conversations c on c.lane = x.lane and c.id = x.conversation_id
        left join lateral (
          select y.* from (
            select me.user_id, me.delivered_seq, me.read_seq
            union all
            select y.user_id, y.delivered_seq, y.read_seq from conversation_members y
            where c.member_count <= ${limits.receiptsMembers} and y.lane = x.lane
              and y.conversation_id = x.conversation_id and y.left_pts is null and y.visible_from_seq <= x.seq
              and y.user_id <> me.user_id
              and shows_receipts(y.lane, y.conversation_id, c.type, y.user_id, me.user_id, ${friendsOnly})
          ) y
          where y.user_id <> x.sender_id and ${beyond}
          order by y.user_id limit ${limit + 1}
        ) r on true
      `.execute(db);
      if (rows.length === 0) return fail("NOT_FOUND");
      const receipts = rows.flatMap((row) => (row.user_id === null ? [] : [row]));
      const items = receipts.slice(0, limit).map(({ user_id, delivered, read }) => {
        return { userId: user_id, delivered, read };
      });
      return ok({ items, nextCursor: receipts.length > limit ? (items.at(-1)?.userId ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
