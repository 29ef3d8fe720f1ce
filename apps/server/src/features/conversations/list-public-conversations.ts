import { type ConversationId, conversationId, operations } from "@hubbub/contract";
import { type SqlBool, sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { type PublicRow, publicColumns, publicConversation } from "./public-conversation.ts";

/** Channels that are looked at, newest first, before the index is asked: what is usual is soon met, the rest are few. */
const LOOKED_AT = 500;

/** Newest first by id, which is the cursor: neither a new title nor who comes and goes moves one to another page. */
export function listPublicConversationsOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listPublicConversations, {
    handle: async ({ query, cursor, limit }) => {
      const before = cursor === undefined ? undefined : conversationId.safeParse(cursor);
      if (before?.success === false) return invalid("cursor", "is not one of this list");
      const rows = await findPublic(db, query?.trim() ?? "", before?.data, limit + 1);
      const items = rows.slice(0, limit).map(publicConversation);
      return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null });
    },
    rest: (body) => ({ body }),
  });
}

async function findPublic(
  db: Database,
  words: string,
  before: ConversationId | undefined,
  most: number,
): Promise<PublicRow[]> {
  // no parameter: the index of the public ones serves a plan for any value only if it stands there
  let all = db.selectFrom("conversations as c").where(sql<SqlBool>`c.visibility = 'public'`).orderBy("c.id", "desc");
  if (before !== undefined) all = all.where("c.id", "<", before);
  if (words === "") return all.select(publicColumns).limit(most).execute();
  const pattern = `%${words.replace(/[\\%_]/g, "\\$&")}%`;
  const matching = all
    .select(publicColumns)
    .where((or) => or.or([or("c.title", "ilike", pattern), or("c.topic", "ilike", pattern)]));
  const edge = await all.select("c.id").offset(LOOKED_AT).limit(1).executeTakeFirst();
  if (edge === undefined) return matching.limit(most).execute();
  const found = await matching.where("c.id", ">", edge.id).limit(most).execute();
  if (found.length === most) return found;
  const older = await matching
    .where("c.id", "<=", edge.id)
    .where(sql<SqlBool>`letter_pairs(c.title, c.topic) @> letter_pairs(${words}::text)`)
    .limit(most - found.length)
    .execute();
  return [...found, ...older];
}
