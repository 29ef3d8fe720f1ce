import { laneOf, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { readChanges } from "./read-changes.ts";

export function listChangesOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listChanges, {
    handle: async ({ conversationId, afterPts, limit }, { userId }) => {
      const head = await db
        .selectFrom("conversation_members as m")
        .innerJoin("conversations as c", (join) =>
          join.onRef("c.lane", "=", "m.lane").onRef("c.id", "=", "m.conversation_id"),
        )
        .select(["c.pts", "m.visible_from_seq"])
        .where("m.lane", "=", laneOf(conversationId))
        .where("m.conversation_id", "=", conversationId)
        .where("m.user_id", "=", userId)
        .where("m.left_pts", "is", null)
        .executeTakeFirst();
      if (head === undefined) return fail("NOT_FOUND");
      const wanted = { conversationId, afterPts, upToPts: head.pts, visibleFromSeq: head.visible_from_seq };
      const changes = (await readChanges(db, [wanted], limit + 1)).get(wanted) ?? [];
      const items = changes.slice(0, limit);
      return ok({ items, nextCursor: changes.length > limit ? String(items.at(-1)?.pts) : null });
    },
    rest: (body) => ({ body }),
  });
}
