import { operations } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { visibleMessage } from "./visible-message.ts";

type EditRow = { readonly pts: number; readonly text: string; readonly created_at: Date };

/** The cursor is the pts of the edit that the page before ended with. */
export function listMessageEditsOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listMessageEdits, {
    handle: async ({ messageId, cursor = "0", limit }, { userId }) => {
      if (!/^\d{1,15}$/.test(cursor)) return invalid("cursor", "is not one of this list");
      const { rows } = await sql<EditRow | { readonly pts: null }>`
        select e.* from ${visibleMessage(messageId, userId)}
        left join lateral (
          select y.pts, y.text, y.created_at from message_edits y
          where y.lane = x.lane and y.conversation_id = x.conversation_id and y.seq = x.seq and y.pts > ${Number(cursor)}
          order by y.pts limit ${limit + 1}
        ) e on true
      `.execute(db);
      if (rows.length === 0) return fail("NOT_FOUND");
      const edits = rows.flatMap((row) => (row.pts === null ? [] : [row]));
      const page = edits.slice(0, limit);
      return ok({
        items: page.map(({ text, created_at }) => ({ text, createdAt: created_at.toISOString() })),
        nextCursor: edits.length > limit ? String(page.at(-1)?.pts) : null,
      });
    },
    rest: (body) => ({ body }),
  });
}
