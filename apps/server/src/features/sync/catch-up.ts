import { type ConversationId, limits, type SyncedConversation, type UserId } from "@hubbub/contract";
import type { Database } from "../../ports/database.ts";
import { type ChangesWanted, readChanges } from "./read-changes.ts";
import { type ReceiptsWanted, readReceipts } from "./read-receipts.ts";

/** What a client knows of each conversation: the pts, or the version of its receipts. */
export type Known = ReadonlyMap<ConversationId, number>;

/** Where a conversation stands, for one of its members. */
export interface Head {
  readonly conversation_id: ConversationId;
  readonly pts: number;
  readonly seq: number;
  readonly forgotten_pts: number;
  readonly joined_pts: number;
  readonly rejoined: boolean;
  readonly visible_from_seq: number;
  readonly receipts_version: number | null;
  readonly member_count: number;
}

export function headOf({ conversation_id: id, pts, seq, receipts_version }: Head): SyncedConversation {
  return { id, pts, seq, receiptsVersion: receipts_version ?? 0 };
}

export interface Reader {
  readonly userId: UserId;
  readonly heads: readonly Head[];
  readonly known: Known;
  readonly knownReceipts: Known;
}

export interface CatchUpDeps {
  readonly db: Database;
  /** Whether direct messages pass between friends alone. */
  readonly friendsOnly: boolean;
}

/** What each reader misses of each conversation: its changes, or that it has to be read afresh [L17]. */
export async function catchUp(
  { db, friendsOnly }: CatchUpDeps,
  readers: readonly Reader[],
): Promise<SyncedConversation[][]> {
  const { changes: most } = limits.sync;
  const plans = readers.map((reader) => reader.heads.map((head) => planOf(reader, head)));
  const all = plans.flat();
  const changes = await readChanges(
    db,
    all.flatMap((plan) => plan.changes ?? []),
    most + 1,
  );
  const receipts = await readReceipts(
    db,
    friendsOnly,
    all.flatMap((plan) => plan.receipts ?? []),
  );
  const view = ({ head, reset, ...wanted }: Plan): SyncedConversation => {
    if (reset !== undefined) return { ...headOf(head), reset };
    const missing = (wanted.changes && changes.get(wanted.changes)) ?? [];
    const risen = wanted.receipts && receipts.get(wanted.receipts);
    return {
      ...headOf(head),
      changes: missing.slice(0, most),
      ...(risen !== undefined && { receipts: risen }),
      ...(missing.length > most && { more: true }),
    };
  };
  return plans.map((own) => own.map(view));
}

/** What has to be read of one conversation for one reader. */
interface Plan {
  readonly head: Head;
  readonly reset?: "tooFar" | "rejoined";
  readonly changes?: ChangesWanted;
  readonly receipts?: ReceiptsWanted;
}

function planOf({ userId: viewer, known, knownReceipts }: Reader, head: Head): Plan {
  const { conversation_id: conversationId, pts: upToPts, visible_from_seq: visibleFromSeq, member_count } = head;
  const afterPts = known.get(conversationId) ?? 0;
  const reset = resetOf(head, afterPts);
  if (reset !== undefined) return { head, reset };
  const afterVersion = knownReceipts.get(conversationId);
  const hasNewReceipts = afterVersion !== undefined && afterVersion < (head.receipts_version ?? 0);
  return {
    head,
    ...(afterPts < upToPts && { changes: { conversationId, afterPts, upToPts, visibleFromSeq } }),
    ...(hasNewReceipts &&
      member_count <= limits.receiptsMembers && { receipts: { viewer, conversationId, afterVersion } }),
  };
}

function resetOf(head: Head, afterPts: number): "tooFar" | "rejoined" | undefined {
  if (head.rejoined && afterPts < head.joined_pts) return "rejoined";
  // retention took messages that this client was never told of, whose senders' marks it could not know [L12]
  if (afterPts < head.forgotten_pts) return "tooFar";
  // ahead of the log: what this client knows is not of this log
  if (head.pts - afterPts > limits.sync.tooFarBehind || afterPts > head.pts) return "tooFar";
  return undefined;
}
