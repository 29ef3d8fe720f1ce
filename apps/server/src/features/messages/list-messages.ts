import { laneOf, type Message, type OperationInput, operations, type UserId } from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { type MessageRow, messageView } from "../conversations/index.ts";

type Input = OperationInput<"listMessages">;

export function listMessagesOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.listMessages, {
    handle: async (input, { userId }) => {
      const page = await readPage(db, input, userId);
      return page === undefined ? fail("NOT_FOUND") : ok(page);
    },
    rest: (body) => ({ body }),
  });
}

interface Page {
  items: Message[];
  nextCursor: string | null;
}

/** A piece of history as this member sees it. @returns undefined for who is no member */
export async function readPage(db: Database, input: Input, userId: UserId): Promise<Page | undefined> {
  const { limit, afterSeq, aroundSeq, beforeSeq } = input;
  if (aroundSeq !== undefined) return readAround(db, input, userId, aroundSeq);
  const ascending = afterSeq !== undefined;
  const piece = ascending
    ? sql`x.seq > ${afterSeq} order by x.seq asc limit ${limit + 1}`
    : sql`x.seq < ${beforeSeq ?? Number.MAX_SAFE_INTEGER} order by x.seq desc limit ${limit + 1}`;
  const rows = await readRows(db, input, userId, seen(input, piece));
  if (rows === undefined) return undefined;
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const items = page.map(messageView);
  return { items: ascending ? items : items.reverse(), nextCursor: last === undefined ? null : String(last.seq) };
}

/** Half before, the message itself, half after. */
async function readAround(db: Database, input: Input, userId: UserId, seq: number): Promise<Page | undefined> {
  const before = Math.floor((input.limit - 1) / 2);
  const after = input.limit - before;
  const pieces = [
    seen(input, sql`x.seq < ${seq} order by x.seq desc limit ${before}`),
    seen(input, sql`x.seq >= ${seq} order by x.seq asc limit ${after}`),
  ];
  const rows = await readRows(db, input, userId, sql.join(pieces, sql` union all `));
  return rows && { items: rows.sort((a, b) => a.seq - b.seq).map(messageView), nextCursor: null };
}

/**
 * A piece of the messages `x` that are asked for: those of the main history, of one thread, or all [L15].
 * @param piece its end of a query: from where, in which order, how many
 */
function seen(input: Input, piece: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select x.* from messages x
    where x.lane = me.lane and x.conversation_id = me.conversation_id and x.seq >= me.visible_from_seq
      and ${belongs(input)} and ${piece})`;
}

function belongs({ threadRootId, threads }: Input): RawBuilder<unknown> {
  if (threadRootId !== undefined) return sql`x.thread_root_seq = root.seq`;
  return threads === "include" ? sql`true` : sql`x.thread_root_seq is null`;
}

/**
 * One statement: who asks is a member, and sees from `visibleFromSeq` on [L10], a thread's root too, in the very moment
 * of reading.
 * @returns undefined for who is no member, or does not see the root
 */
async function readRows(
  db: Database,
  input: Input,
  userId: UserId,
  pieces: RawBuilder<unknown>,
): Promise<MessageRow[] | undefined> {
  const { conversationId, threadRootId } = input;
  const root =
    threadRootId !== undefined
      ? sql`join messages root on root.lane = me.lane and root.id = ${threadRootId}
          and root.conversation_id = me.conversation_id and root.seq >= me.visible_from_seq`
      : sql``;
  const { rows } = await sql<MessageRow | { id: null }>`
    select x.* from conversation_members me ${root}
    left join lateral (${pieces}) x on true
    where me.lane = ${laneOf(conversationId)} and me.conversation_id = ${conversationId}
      and me.user_id = ${userId} and me.left_pts is null
  `.execute(db);
  if (rows.length === 0) return undefined;
  return rows.flatMap((row) => (row.id === null ? [] : [row]));
}
