import { type MessageReaction, operations, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { visibleMessage } from "./visible-message.ts";

type ReactionRow = { readonly emoji: string; readonly user_id: UserId; readonly pts: number };

export function listReactionsOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listReactions, {
    handle: async ({ messageId, emoji, userId: whose, cursor, limit }, { userId }) => {
      const after = cursor === undefined ? undefined : placeOf(cursor);
      if (cursor !== undefined && after === undefined) return invalid("cursor", "is not one of this list");
      const beyond = after === undefined ? sql`true` : sql`(y.emoji, y.pts) > (${after.emoji}, ${after.pts})`;
      const alike = emoji === undefined ? sql`true` : sql`y.emoji = ${emoji}`;
      // by the table's key, however many others reacted
      const theirs = sql`y.user_id = ${whose} and y.emoji = any(array(
        select each ->> 'emoji' from jsonb_array_elements(x.reactions) each))`;
      // one statement: who asks sees the message in the very moment in which the list is read
      const { rows } = await sql<ReactionRow | { readonly emoji: null }>`
        select r.* from ${visibleMessage(messageId, userId)}
        left join lateral (
          select y.emoji, y.user_id, y.pts from message_reactions y
          where y.lane = x.lane and y.conversation_id = x.conversation_id and y.seq = x.seq
            and ${beyond} and ${alike} and ${whose === undefined ? sql`true` : theirs}
          order by y.emoji, y.pts limit ${limit + 1}
        ) r on true
      `.execute(db);
      if (rows.length === 0) return fail("NOT_FOUND");
      const found = rows.flatMap((row) => (row.emoji === null ? [] : [row]));
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return ok({
        items: shown.map((row): MessageReaction => ({ userId: row.user_id, emoji: row.emoji })),
        nextCursor: found.length > limit && last !== undefined ? `${last.pts} ${last.emoji}` : null,
      });
    },
    rest: (body) => ({ body }),
  });
}

/** Where a page ended. */
function placeOf(cursor: string): { readonly pts: number; readonly emoji: string } | undefined {
  const [, pts, emoji] = /^(\d{1,15}) (.+)$/u.exec(cursor) ?? [];
  return pts === undefined || emoji === undefined ? undefined : { pts: Number(pts), emoji };
}
