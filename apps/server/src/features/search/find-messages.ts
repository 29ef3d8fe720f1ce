import { laneOf, type OperationInput, type UserId } from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import type { Database, Transactor } from "../../ports/database.ts";
import type { MessageRow } from "../conversations/index.ts";
import { mustBeCompared } from "./search-terms.ts";

export interface Search {
  readonly userId: UserId;
  readonly terms: readonly string[];
  readonly input: OperationInput<"searchMessages">;
}

/** A place in the order of what is found: within one conversation that of seq, else that of time. */
export type Place =
  | { readonly by: "seq"; readonly seq: number }
  | { readonly by: "time"; readonly at: Date; readonly id: string };

/** What a message `x` says and what its files are called, in the words of the index. */
const searched = sql`case when x.media is null then x.text else search_file_names(x.text, x.media) end`;

/** Messages that are walked over before the index is asked: at first, to see how usual the words are, and at most. */
const stretches = { first: 500, most: 5_000 } as const;

/** Who is in more is searched for among all messages, and theirs are taken from what is found. */
const namedConversations = 16;

/**
 * Messages that the searcher sees now and that have the terms, newest first. Usual words are soon met by walking back
 * from the newest message; of rare ones the index knows the few places. Where walking does not pay it stops, and the
 * index tells what lies before: each message is judged once, whichever way.
 * @param before undefined: from the newest on
 */
export function findMessages(
  db: Database,
  search: Search,
  before: Place | undefined,
  most: number,
): Promise<MessageRow[]> {
  return db.transaction().execute(async (tx) => {
    // a plan for any search would go through all messages: 3 s
    await sql`set local plan_cache_mode = force_custom_plan`.execute(tx);
    return find(tx, search, before, most);
  });
}

async function find(db: Transactor, search: Search, before: Place | undefined, most: number): Promise<MessageRow[]> {
  const found: MessageRow[] = [];
  let end = before;
  for (const length of [stretches.first, stretches.most]) {
    const walked = await walk(db, search, { before: end, length, most: most - found.length });
    found.push(...walked.found);
    if (walked.end === undefined || found.length >= most) return found;
    end = walked.end;
    if (walked.found.length * stretches.most < most * length) break; // too rare to meet enough by walking on
  }
  return [...found, ...(await askIndex(db, search, { before: end, most: most - found.length }))];
}

/** Where a message stands among what is found. */
export function placeOf({ input }: Search, { seq, created_at, id }: MessageRow): Place {
  return input.conversationId !== undefined ? { by: "seq", seq } : { by: "time", at: new Date(created_at), id };
}

interface Stretch {
  readonly before: Place | undefined;
  /** Messages to look at. */
  readonly length: number;
  readonly most: number;
}

/**
 * Looks at messages one after the other, newest first, until it has found enough. One statement: who asks is a member,
 * and sees from `visibleFromSeq` on [L10], in the very moment of reading.
 * @returns `end`: the last one looked at, undefined where there is none before it or enough were found
 */
async function walk(
  db: Transactor,
  search: Search,
  { before, length, most }: Stretch,
): Promise<{ readonly found: MessageRow[]; readonly end: Place | undefined }> {
  const { userId, terms } = search;
  const order = newestFirst(search, "x");
  const { rows } = await sql<MessageRow & { readonly is_found: boolean | null; readonly is_last: boolean }>`
    select * from (
      select x.*, x.nth = ${length} as is_last, me.sees and me.left_pts is null as is_found
      from (
        select x.*, row_number() over (order by ${order}) as nth from messages x
        where ${sql.join(range(search, before), sql` and `)}
        order by ${order} limit ${length}
      ) x
      -- nested, and so in this order: it ends with the last that is wanted
      left join lateral (
        select x.seq >= m.visible_from_seq as sees, m.left_pts from conversation_members m
        where ${sql.join([...saying(terms), ...filters(search)], sql` and `)}
          and m.lane = x.lane and m.conversation_id = x.conversation_id and m.user_id = ${userId}
        limit 1
      ) me on true
      order by ${order}
    ) x
    where x.is_found or x.is_last limit ${most}
  `.execute(db);
  const last = rows.find(({ is_last }) => is_last);
  return {
    found: rows.filter(({ is_found }) => is_found === true),
    end: last && placeOf(search, last),
  };
}

/**
 * Asks the index, which finds candidates without knowing who asks; membership picks from them in the same statement.
 */
async function askIndex(
  db: Transactor,
  search: Search,
  { before, most }: Pick<Stretch, "before" | "most">,
): Promise<MessageRow[]> {
  const { userId } = search;
  const { rows } = await sql<MessageRow>`
    with found as materialized (
      select x.lane, x.conversation_id, x.seq, x.id, x.created_at from messages x
      where (x.text is not null or x.media is not null)
        and array_to_tsvector(
            search_keys(search_fold(${searched})) || filter_keys(x.conversation_id, x.sender_id, x.text, x.media))
          @@ (select ${indexQuery(search)})
        and ${sql.join([...beyond(before), ...filters(search)], sql` and `)}
    ), page as (
      select f.* from found f
      join conversation_members me
        on me.lane = f.lane and me.conversation_id = f.conversation_id and f.seq >= me.visible_from_seq
       and me.user_id = ${userId} and me.left_pts is null
       -- keys of conversations are shortened; asked above, it would let an index in that goes through all its messages
       and f.conversation_id = coalesce(${search.input.conversationId ?? null}::uuid, f.conversation_id)
      order by ${newestFirst(search, "f")} limit ${most}
    )
    select x.* from page p
    -- by its id alone: the conversation would let an index in that goes through all its messages
    cross join lateral (select y.* from messages y where y.lane = p.lane and y.id = p.id limit 1) x
    order by ${newestFirst(search, "x")}
  `.execute(db);
  return rows;
}

/** Which the index is asked for; null for all. */
function searchedConversations({ input, userId }: Search): RawBuilder<unknown> {
  if (input.conversationId !== undefined) return sql`${[input.conversationId]}::uuid[]`;
  return sql`(
    select case when count(*) <= ${namedConversations} then coalesce(array_agg(m.conversation_id), '{}') end
    from (
      select m.conversation_id from conversation_members m
      where m.user_id = ${userId} and m.left_pts is null limit ${namedConversations + 1}
    ) m)`;
}

/** That a message `x` has the words, where there are any. */
function saying(terms: readonly string[]): RawBuilder<unknown>[] {
  if (terms.length === 0) return [];
  return [
    sql`search_fold(${searched}) like all (array(select search_pieces(${[...terms]}::text[])))`,
    sql`array_to_tsvector(search_keys(search_fold(${searched}))) @@ (select search_query(${[...terms]}::text[], null))`,
  ];
}

/** The words, where there are any, in which conversations, and what else is asked; keys of people are shortened too. */
function indexQuery(search: Search): RawBuilder<unknown> {
  const { terms, input } = search;
  const { from, has } = input;
  const keys = [...(from === undefined ? [] : [`'@${from.slice(-12)}'`]), ...(has === undefined ? [] : [`'&${has}'`])];
  const narrower = sql`${keys.join(" & ")}::tsquery`;
  const places = searchedConversations(search);
  if (terms.length === 0) return sql`coalesce(conversation_query(${places}) && ${narrower}, ${narrower})`;
  const words = sql`search_query(${[...terms]}::text[], ${places})`;
  return keys.length === 0 ? words : sql`${words} && ${narrower}`;
}

function newestFirst({ input }: Search, x: "x" | "f"): RawBuilder<unknown> {
  if (input.conversationId !== undefined) return sql`${sql.ref(`${x}.seq`)} desc`;
  return sql`${sql.ref(`${x}.created_at`)} desc, ${sql.ref(`${x}.id`)} desc`;
}

/** Of messages `x`, those before a place. */
function beyond(before: Place | undefined): RawBuilder<unknown>[] {
  if (before === undefined) return [];
  return [
    before.by === "seq" ? sql`x.seq < ${before.seq}` : sql`(x.created_at, x.id) < (${before.at}, ${before.id}::uuid)`,
  ];
}

/** The messages `x` that are walked over, as far as the order of the walk knows what is asked. */
function range({ input, userId }: Search, before: Place | undefined): RawBuilder<unknown>[] {
  const { conversationId } = input;
  if (conversationId === undefined) return [sql`true`, ...sentWithin(input), ...beyond(before)];
  const lane = laneOf(conversationId);
  return [
    sql`x.lane = ${lane} and x.conversation_id = ${conversationId}`,
    // a stranger has nothing looked at
    sql`exists (
      select 1 from conversation_members m
      where m.lane = ${lane} and m.conversation_id = ${conversationId} and m.user_id = ${userId} and m.left_pts is null)`,
    ...beyond(before),
  ];
}

/** What is asked of a message `x` beside its words. */
function filters({ input, terms }: Search): RawBuilder<unknown>[] {
  return [
    sql`true`,
    ...terms.filter(mustBeCompared).map((term) => sql`strpos(search_fold(${searched}), search_fold(${term})) > 0`),
    ...(input.from === undefined ? [] : [sql`x.sender_id = ${input.from}`]),
    ...sentWithin(input),
    ...(input.has === undefined ? [] : [has[input.has]]),
  ];
}

/** A message with several media has what each of them is. */
const has: Readonly<Record<NonNullable<Search["input"]["has"]>, RawBuilder<unknown>>> = {
  link: sql`x.text ~* 'https?://\\S'`,
  media: sql`x.media is not null`,
  image: sql`x.media @? '$[*].contentType ? (@ starts with "image/")'`,
  video: sql`x.media @? '$[*].contentType ? (@ starts with "video/")'`,
  audio: sql`x.media @? '$[*].contentType ? (@ starts with "audio/")'`,
  file: sql`x.media @? '$[*].contentType ? (!(@ starts with "image/" || @ starts with "video/" || @ starts with "audio/"))'`,
};

function sentWithin({ before, after }: Search["input"]): RawBuilder<unknown>[] {
  return [
    ...(before === undefined ? [] : [sql`x.created_at < ${new Date(before)}`]),
    ...(after === undefined ? [] : [sql`x.created_at >= ${new Date(after)}`]),
  ];
}
