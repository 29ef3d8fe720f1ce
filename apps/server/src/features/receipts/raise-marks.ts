import { type ConversationId, laneOf, limits, type Receipt, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { ConversationWriter } from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";
import { StatusPushes } from "./status-pushes.ts";

/** Marks in one call of the database function. */
const BATCH = 128;

export interface RaiseMarksDeps {
  readonly writer: ConversationWriter;
  readonly broadcaster: Pick<Broadcaster, "toConversation" | "toUser">;
  /** Whether direct messages pass between friends alone. */
  readonly friendsOnly: boolean;
}

export interface Mark {
  readonly conversationId: ConversationId;
  readonly userId: UserId;
  readonly readSeq: number;
  readonly deliveredSeq: number;
}

/** The marks as they are now; null for who is no member. */
type Raised = Raise | null;

interface Raise {
  readonly conversationId: ConversationId;
  readonly receipt: Receipt;
  /** Null where nothing rose, or too many would hear of it. */
  readonly receiptsVersion: number | null;
  /** Null where the read mark did not rise. */
  readonly userPts: number | null;
  /** Who may hear of it; null: everyone in the conversation [P9]. */
  readonly viewers: readonly UserId[] | null;
}

interface RaisedRow {
  ordinal: number;
  read_seq: number;
  delivered_seq: number;
  receipts_version: number | null;
  user_pts: number | null;
  viewers: readonly UserId[] | null;
}

/** One call of `raise_marks` raises what a whole lane group is waiting to mark, after the messages before it [L22]. */
export function markRaiser({
  writer,
  broadcaster,
  friendsOnly,
}: RaiseMarksDeps): (mark: Mark) => Promise<Receipt | undefined> {
  const statuses = new StatusPushes(broadcaster);
  const raise = writer.batched<Mark, Raised>({
    most: BATCH,
    run: (db, marks) => store(db, marks, friendsOnly),
    publish: (outcomes) => publish(broadcaster, statuses, outcomes),
  });
  return async (mark) => (await raise(mark))?.receipt;
}

async function store(db: Database, marks: readonly Mark[], friendsOnly: boolean): Promise<Raised[]> {
  const { rows } = await sql<RaisedRow>`
    select * from raise_marks(
      ${limits.receiptsMembers},
      ${marks.map(({ conversationId }) => laneOf(conversationId))}::smallint[],
      ${marks.map(({ conversationId }) => conversationId)}::uuid[],
      ${marks.map(({ userId }) => userId)}::uuid[],
      ${marks.map(({ readSeq }) => readSeq)}::bigint[],
      ${marks.map(({ deliveredSeq }) => deliveredSeq)}::bigint[],
      ${friendsOnly}
    )`.execute(db);
  const byOrdinal = new Map(rows.map((row) => [row.ordinal, row]));
  return marks.map(({ conversationId, userId }, index): Raised => {
    const row = byOrdinal.get(index + 1);
    if (row === undefined) return null;
    return {
      conversationId,
      receipt: { userId, deliveredSeq: row.delivered_seq, readSeq: row.read_seq },
      receiptsVersion: row.receipts_version,
      userPts: row.user_pts,
      viewers: row.viewers,
    };
  });
}

function publish(
  broadcaster: RaiseMarksDeps["broadcaster"],
  statuses: StatusPushes,
  outcomes: readonly Raised[],
): void {
  const told = new Set<string>();
  for (const outcome of outcomes) {
    if (outcome === null) continue;
    const { conversationId, receipt, receiptsVersion, userPts, viewers } = outcome;
    const { userId, ...marks } = receipt;
    if (receiptsVersion !== null) statuses.push({ conversationId, ...receipt, receiptsVersion }, viewers);
    // several marks of one member in one batch are one entry of the inbox
    const entry = `${userId} ${userPts}`;
    if (userPts === null || told.has(entry)) continue;
    told.add(entry);
    broadcaster.toUser(userId, "ReadMarkUpdated", { conversationId, ...marks, userPts });
  }
}
