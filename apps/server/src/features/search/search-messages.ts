import { laneOf, messageId, type OperationInput, operations, type UserId } from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { invalid, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { type MessageRow, messageView } from "../conversations/index.ts";
import { highlightsOf, mustBeCompared, searchTerms } from "./search-terms.ts";

type Input = OperationInput<"searchMessages">;

/** Who is in more is searched for among all messages, and theirs are taken from what is found. */
const namedConversations = 16;

export function searchMessagesOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.searchMessages, {
    handle: async (input, { userId }) => {
      const before = input.cursor === undefined ? undefined : parseCursor(input.cursor);
      if (before === null) return invalid("cursor", "is not one of this list");
      const terms = searchTerms(input.q);
      const rows = await readFound(db, input, terms, userId, before);
      const page = rows.slice(0, input.limit);
      const last = rows.length > input.limit ? page.at(-1) : undefined;
      return ok({
        items: page.map((row) => ({ message: messageView(row), highlights: highlightsOf(row.text, terms) })),
        nextCursor: last === undefined ? null : `${new Date(last.created_at).toISOString()}_${last.id}`,
      });
    },
    rest: (body) => ({ body }),
  });
}

interface Place {
  readonly at: Date;
  readonly id: string;
}

/** @returns null for what is no cursor of this list */
function parseCursor(cursor: string): Place | null {
  const [at, id, ...more] = cursor.split("_");
  const time = new Date(at ?? "");
  const parsed = messageId.safeParse(id);
  if (more.length > 0 || !parsed.success || Number.isNaN(time.getTime())) return null;
  return time.toISOString() === at ? { at: time, id: parsed.data } : null;
}

/**
 * One statement: who asks is a member, and sees from `visibleFromSeq` on [L10], in the very moment of reading. The
 * index finds candidates without knowing who asks; membership picks from them.
 */
async function readFound(
  db: Database,
  input: Input,
  terms: readonly string[],
  userId: UserId,
  before: Place | undefined,
): Promise<(MessageRow & { readonly text: string })[]> {
  const { rows } = await sql<MessageRow & { readonly text: string }>`
    with found as materialized (
      select x.lane, x.conversation_id, x.seq, x.id, x.created_at from messages x
      where x.text is not null
        and array_to_tsvector(search_keys(search_fold(x.text)) || ('#' || right(x.conversation_id::text, 12)))
          @@ (select search_query(${[...terms]}::text[], ${searchedConversations(input, userId)}))
        and ${sql.join(conditions(input, terms, before), sql` and `)}
    ), page as (
      select f.lane, f.id, f.created_at from found f
      join conversation_members me
        on me.lane = f.lane and me.conversation_id = f.conversation_id and f.seq >= me.visible_from_seq
       and me.user_id = ${userId} and me.left_pts is null
      order by f.created_at desc, f.id desc limit ${input.limit + 1}
    )
    select x.* from page p
    -- by its id alone: the conversation would let an index in that goes through all its messages
    cross join lateral (select y.* from messages y where y.lane = p.lane and y.id = p.id limit 1) x
    order by p.created_at desc, p.id desc
  `.execute(db);
  return rows;
}

/** Which the index is asked for; null for all. */
function searchedConversations({ conversationId: named }: Input, userId: UserId): RawBuilder<unknown> {
  if (named !== undefined) return sql`${[named]}::uuid[]`;
  return sql`(
    select case when count(*) <= ${namedConversations} then coalesce(array_agg(m.conversation_id), '{}') end
    from (
      select m.conversation_id from conversation_members m
      where m.user_id = ${userId} and m.left_pts is null limit ${namedConversations + 1}
    ) m)`;
}

function conditions(input: Input, terms: readonly string[], before: Place | undefined): RawBuilder<unknown>[] {
  const compared = terms.filter(mustBeCompared);
  return [
    sql`true`,
    ...compared.map((term) => sql`strpos(search_fold(x.text), search_fold(${term})) > 0`),
    ...(input.conversationId === undefined
      ? []
      : [sql`x.lane = ${laneOf(input.conversationId)} and x.conversation_id = ${input.conversationId}`]),
    ...(input.from === undefined ? [] : [sql`x.sender_id = ${input.from}`]),
    ...(input.before === undefined ? [] : [sql`x.created_at < ${new Date(input.before)}`]),
    ...(input.after === undefined ? [] : [sql`x.created_at >= ${new Date(input.after)}`]),
    ...(input.has === "link" ? [sql`x.text ~* 'https?://\\S'`] : []),
    ...(before === undefined ? [] : [sql`(x.created_at, x.id) < (${before.at}, ${before.id}::uuid)`]),
  ];
}
