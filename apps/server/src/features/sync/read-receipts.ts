import { type ConversationId, laneOf, type Receipt, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";

/** What one reader asks of one conversation's receipts, having been found a member of it. */
export interface ReceiptsWanted {
  readonly conversationId: ConversationId;
  readonly afterVersion: number;
}

interface ReceiptRow {
  conversation_id: ConversationId;
  user_id: UserId;
  delivered_seq: number;
  read_seq: number;
}

/** The marks that rose after a version and are shown to this person [P9], of conversations of a few members, in one query [L22]. */
export async function readReceipts(
  db: Database,
  viewer: UserId,
  friendsOnly: boolean,
  wanted: readonly ReceiptsWanted[],
): Promise<Map<ConversationId, Receipt[]>> {
  const receipts = new Map<ConversationId, Receipt[]>(wanted.map(({ conversationId }) => [conversationId, []]));
  if (wanted.length === 0) return receipts;
  const { rows } = await sql<ReceiptRow>`
    select w.conversation_id, m.user_id, m.delivered_seq, m.read_seq
    from unnest(
      ${wanted.map(({ conversationId }) => laneOf(conversationId))}::smallint[],
      ${wanted.map(({ conversationId }) => conversationId)}::uuid[],
      ${wanted.map(({ afterVersion }) => afterVersion)}::bigint[]
    ) as w(lane, conversation_id, after_version)
    join conversation_members m
      on m.lane = w.lane and m.conversation_id = w.conversation_id and m.left_pts is null
     and m.receipts_version > w.after_version
    join conversations c on c.lane = m.lane and c.id = m.conversation_id
    where shows_receipts(m.lane, m.conversation_id, c.type, m.user_id, ${viewer}::uuid, ${friendsOnly})
    order by w.conversation_id, m.user_id
  `.execute(db);
  for (const { conversation_id, user_id: userId, delivered_seq: deliveredSeq, read_seq: readSeq } of rows)
    receipts.get(conversation_id)?.push({ userId, deliveredSeq, readSeq });
  return receipts;
}
