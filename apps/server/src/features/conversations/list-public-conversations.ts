import { conversationId, operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { publicColumns, publicConversation } from "./public-conversation.ts";

/** Newest first by id, which is the cursor: neither a new title nor who comes and goes moves one to another page. */
export function listPublicConversationsOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listPublicConversations, {
    handle: async ({ query, cursor, limit }) => {
      const before = cursor === undefined ? undefined : conversationId.safeParse(cursor);
      if (before?.success === false) return invalid("cursor", "is not one of this list");
      let select = db
        .selectFrom("conversations as c")
        .select(publicColumns)
        .where("c.visibility", "=", "public")
        .orderBy("c.id", "desc")
        .limit(limit + 1);
      if (before !== undefined) select = select.where("c.id", "<", before.data);
      const words = query?.trim() ?? "";
      if (words !== "") {
        const contains = `%${words.replace(/[\\%_]/g, "\\$&")}%`;
        select = select.where((or) => or.or([or("c.title", "ilike", contains), or("c.topic", "ilike", contains)]));
      }
      const rows = await select.execute();
      const items = rows.slice(0, limit).map(publicConversation);
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}
