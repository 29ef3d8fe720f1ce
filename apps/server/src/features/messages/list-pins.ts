import { laneOf, operations } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { type MessageRow, messageView } from "../conversations/index.ts";

export function listPinsOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listPins, {
    handle: async ({ conversationId }, { userId }) => {
      const { rows } = await sql<{ message: MessageRow | null }>`
        select to_jsonb(x) as message from conversation_members me
        left join messages x
          on x.lane = me.lane and x.conversation_id = me.conversation_id and x.pinned_at is not null
         and x.seq >= me.visible_from_seq
        where me.lane = ${laneOf(conversationId)} and me.conversation_id = ${conversationId}
          and me.user_id = ${userId} and me.left_pts is null
        order by x.pinned_at desc, x.seq desc
      `.execute(db);
      if (rows.length === 0) return fail("NOT_FOUND");
      return ok({ items: rows.flatMap(({ message }) => (message === null ? [] : [messageView(message)])) });
    },
    rest: (body) => ({ body }),
  });
}
