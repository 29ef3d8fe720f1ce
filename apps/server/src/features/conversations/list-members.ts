import { laneOf, limits, type Member, operations, userId as userIdSchema } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { type MemberRow, memberView } from "./member-view.ts";

export interface ListMembersDeps {
  readonly db: Database;
  /** Whether direct messages pass between friends alone. */
  readonly friendsOnly: boolean;
}

/** With the marks of those who show them to the caller, where members see each other's [L22] [P9]. */
export function listMembersOperation({ db, friendsOnly }: ListMembersDeps): Operation {
  return defineOperation(operations.listMembers, {
    handle: async ({ conversationId, ids, cursor, limit }, { userId }) => {
      const after = cursor === undefined ? undefined : userIdSchema.safeParse(cursor);
      if (after?.success === false) return invalid("cursor", "is not one of this list");
      const lane = laneOf(conversationId);
      const beyond = after === undefined ? sql`true` : sql`x.user_id > ${after.data}`;
      const wanted = ids === undefined ? sql`true` : sql`x.user_id = any(${ids}::uuid[])`;
      // one statement: who asks is a member in the very moment in which the list is read
      const { rows } = await sql<MemberRow | { user_id: null }>`
        select x.user_id, x.role, x.joined_at, shown.read_seq, shown.delivered_seq
        from conversation_members me
        join conversations c on c.lane = me.lane and c.id = me.conversation_id
        left join lateral (
          select * from conversation_members x
          where x.lane = me.lane and x.conversation_id = me.conversation_id and x.left_pts is null and ${beyond} and ${wanted}
          order by x.user_id limit ${limit + 1}
        ) x on true
        left join lateral (
          select x.read_seq, x.delivered_seq
          where x.user_id = me.user_id or c.member_count <= ${limits.receiptsMembers}
            and shows_receipts(x.lane, x.conversation_id, c.type, x.user_id, me.user_id, ${friendsOnly})
        ) shown on true
        where me.lane = ${lane} and me.conversation_id = ${conversationId} and me.user_id = ${userId}
          and me.left_pts is null
      `.execute(db);
      if (rows.length === 0) return fail("NOT_FOUND");
      const members = rows.flatMap((row): Member[] => (row.user_id === null ? [] : [memberView(row)]));
      const items = members.slice(0, limit);
      return ok({ items, nextCursor: members.length > limit ? (items.at(-1)?.userId ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
