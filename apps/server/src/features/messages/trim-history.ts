import { type ConversationId, laneOf, type UserId, userId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { ConversationWriter } from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { appendChanges, lockConversations, publishChanges } from "../conversations/index.ts";

/** Messages that one change takes at most. */
const MESSAGES = 1_000;
/** Conversations that one query looks at. */
const CONVERSATIONS = 1_000;

/** Nobody does it. */
const NOBODY: UserId = userId.parse("00000000-0000-0000-0000-000000000000");

export interface TrimHistoryDeps {
  /** For looking: it reads where every conversation begins. */
  readonly db: Database;
  readonly writer: ConversationWriter;
  readonly broadcaster: Broadcaster;
  readonly outbox: Outbox;
  /** Days that messages are kept where a conversation says nothing of its own. */
  readonly retentionDays: number;
}

/**
 * Takes from every conversation what is older than it keeps, from the oldest end, a batch a change [L12].
 * @param signal ends it between two batches; the rest is of another day
 */
export async function trimHistory(deps: TrimHistoryDeps, signal: AbortSignal): Promise<void> {
  for await (const id of dueConversations(deps)) while (!signal.aborted && (await trimSome(deps, id)));
}

/** Those whose oldest message is too old, by their ids. */
async function* dueConversations({ db, retentionDays }: TrimHistoryDeps): AsyncGenerator<ConversationId> {
  for (let after: ConversationId | undefined; ; ) {
    const beyond = after === undefined ? sql`true` : sql`(c.lane, c.id) > (${laneOf(after)}, ${after}::uuid)`;
    const { rows } = await sql<{ id: ConversationId; is_due: boolean }>`
      select c.id, oldest.created_at < now() - make_interval(days => c.days) is true as is_due
      from (
        select c.lane, c.id, coalesce(c.retention_days, ${retentionDays}::integer) as days
        from conversations c where ${beyond} order by c.lane, c.id limit ${CONVERSATIONS}
      ) c
      left join lateral (
        select x.created_at from messages x where x.lane = c.lane and x.conversation_id = c.id order by x.seq limit 1
      ) oldest on true
      order by c.lane, c.id
    `.execute(db);
    for (const { id, is_due } of rows) if (is_due) yield id;
    after = rows.at(-1)?.id;
    if (after === undefined || rows.length < CONVERSATIONS) return;
  }
}

/** Judged once more under the lock: the conversation may keep its messages for longer meanwhile [L3]. @returns whether there may be more */
function trimSome(
  { writer, broadcaster, outbox, retentionDays }: TrimHistoryDeps,
  id: ConversationId,
): Promise<boolean> {
  return writer
    .transaction({
      conversationId: id,
      work: async (tx) => {
        await lockConversations(tx, [id]);
        const { rows } = await sql<{ before_seq: number | null }>`
          select trim_history(${laneOf(id)}::smallint, ${id}::uuid, ${retentionDays}::integer, ${MESSAGES}) as before_seq
        `.execute(tx);
        const beforeSeq = rows[0]?.before_seq ?? null;
        if (beforeSeq === null) return [];
        return appendChanges(tx, outbox, id, NOBODY, [{ event: "HistoryTrimmed" as const, payload: { beforeSeq } }]);
      },
      publish: (changes) => publishChanges(broadcaster, outbox, id, changes),
    })
    .then((changes) => changes.length > 0);
}
