import { type ConversationId, laneOf, type Receipt, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";

/** What one reader asks of one conversation's receipts, having been found a member of it. */
export interface ReceiptsWanted {
  readonly viewer: UserId;
  readonly conversationId: ConversationId;
  readonly afterVersion: number;
}

interface ReceiptRow {
  /** Which of those wanted it answers. */
  wanted: number;
  user_id: UserId;
  delivered_seq: number;
  read_seq: number;
}

/**
 * The marks that rose after a version and are shown to the viewer [P9], of conversations of a few members, in one query [L22].
 * @returns those of each that was wanted
 */
export async function readReceipts(
  db: Database,
  friendsOnly: boolean,
  wanted: readonly ReceiptsWanted[],
): Promise<ReadonlyMap<ReceiptsWanted, Receipt[]>> {
  const receipts = new Map(wanted.map((each): [ReceiptsWanted, Receipt[]] => [each, []]));
  if (wanted.length === 0) return receipts;
  const { rows } = await sql<ReceiptRow>`
    select w.nth::integer - 1 as wanted, m.user_id, m.delivered_seq, m.read_seq
    from unnest(
      ${wanted.map(({ conversationId }) => laneOf(conversationId))}::smallint[],
      ${wanted.map(({ conversationId }) => conversationId)}::uuid[],
      ${wanted.map(({ viewer }) => viewer)}::uuid[],
      ${wanted.map(({ afterVersion }) => afterVersion)}::bigint[]
    ) with ordinality as w(lane, conversation_id, viewer, after_version, nth)
    join conversation_members m
      on m.lane = w.lane and m.conversation_id = w.conversation_id and m.left_pts is null
     and m.receipts_version > w.after_version
    join conversations c on c.lane = m.lane and c.id = m.conversation_id
    where shows_receipts(m.lane, m.conversation_id, c.type, m.user_id, w.viewer, ${friendsOnly})
    order by w.nth, m.user_id
  `.execute(db);
  const lists = [...receipts.values()];
  for (const { wanted: of, user_id: userId, delivered_seq: deliveredSeq, read_seq: readSeq } of rows)
    lists[of]?.push({ userId, deliveredSeq, readSeq });
  return receipts;
}
