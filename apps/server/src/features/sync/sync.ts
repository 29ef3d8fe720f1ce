import {
  type ConversationId,
  conversationId,
  laneOf,
  limits,
  type OperationInput,
  operations,
  type SyncAnswer,
  type SyncedConversation,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok, type Result } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { readChanges } from "./read-changes.ts";
import { readInbox } from "./read-inbox.ts";
import { readReceipts } from "./read-receipts.ts";

export interface SyncDeps {
  readonly db: Database;
  /** Whether direct messages pass between friends alone. */
  readonly friendsOnly: boolean;
}

export function syncOperation(deps: SyncDeps): Operation {
  return defineOperation(operations.sync, {
    handle: (input, { userId }) => synchronize(deps, input, userId),
    rest: (body) => ({ body }),
    hub: (answer) => answer,
  });
}

interface Head {
  conversation_id: ConversationId;
  pts: number;
  seq: number;
  forgotten_pts: number;
  joined_pts: number;
  rejoined: boolean;
  visible_from_seq: number;
  receipts_version: number | null;
  member_count: number;
}

async function synchronize(
  deps: SyncDeps,
  { epoch, userPts, conversations, receipts }: OperationInput<"sync">,
  userId: UserId,
): Promise<Result<SyncAnswer>> {
  const { db } = deps;
  const self = await readSelf(db, userId);
  if (self === undefined) return fail("UNAUTHENTICATED");
  const known = numbersOf(conversations);
  const heads = await readHeads(db, userId, [...known.keys()]);
  const answer = { epoch: self.epoch, userPts: self.userPts };
  const headsOnly = () => heads.map(headOf);
  if (epoch === undefined) return ok({ ...answer, user: [], conversations: headsOnly() });
  if (epoch !== self.epoch) return ok({ ...answer, reset: "epoch", user: [], conversations: headsOnly() });
  const behind = userPts === undefined ? 0 : self.userPts - userPts;
  // ahead of the inbox: what this client knows is not of this inbox
  if (behind > limits.sync.tooFarBehind || behind < 0)
    return ok({ ...answer, reset: "tooFar", user: [], conversations: headsOnly() });
  const { changes: most } = limits.sync;
  const after = self.userPts - behind;
  return ok({
    ...answer,
    user: behind > 0 ? await readInbox(db, userId, after, after + Math.min(behind, most)) : [],
    ...(behind > most && { more: true }),
    conversations: await catchUp(deps, userId, heads, known, numbersOf(receipts)),
  });
}

function numbersOf(known: Readonly<Record<string, number>>): Map<ConversationId, number> {
  return new Map(Object.entries(known).map(([id, number]) => [conversationId.parse(id), number]));
}

/** The installation's epoch and where this person's inbox stands. */
async function readSelf(db: Database, userId: UserId): Promise<{ epoch: string; userPts: number } | undefined> {
  return db
    .selectFrom("users")
    .innerJoin("installation", (join) => join.onTrue())
    .select(["installation.epoch", "users.user_pts as userPts"])
    .where("users.id", "=", userId)
    .executeTakeFirst();
}

/** Where the conversations stand that this person is a member of; the others are left out [L13]. */
async function readHeads(db: Database, userId: UserId, ids: readonly ConversationId[]): Promise<Head[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Head>`
    select m.conversation_id, c.pts, c.seq, c.member_count, c.forgotten_pts, m.joined_pts, m.rejoined, m.visible_from_seq,
           v.version as receipts_version
    from unnest(${ids.map(laneOf)}::smallint[], ${ids}::uuid[]) as asked(lane, id)
    join conversation_members m
      on m.lane = asked.lane and m.conversation_id = asked.id and m.user_id = ${userId} and m.left_pts is null
    join conversations c on c.lane = m.lane and c.id = m.conversation_id
    left join conversation_receipts v on v.lane = m.lane and v.conversation_id = m.conversation_id
  `.execute(db);
  return rows;
}

function headOf({ conversation_id: id, pts, seq, receipts_version }: Head): SyncedConversation {
  return { id, pts, seq, receiptsVersion: receipts_version ?? 0 };
}

/** What is missing of each: its changes, or that it has to be read afresh [L17]. */
async function catchUp(
  { db, friendsOnly }: SyncDeps,
  userId: UserId,
  heads: readonly Head[],
  known: ReadonlyMap<ConversationId, number>,
  knownReceipts: ReadonlyMap<ConversationId, number>,
): Promise<SyncedConversation[]> {
  const { changes: most, tooFarBehind } = limits.sync;
  const plans = heads.map((head) => {
    const afterPts = known.get(head.conversation_id) ?? 0;
    const reset = resetOf(head, afterPts, tooFarBehind);
    return { head, afterPts, reset };
  });
  const wanted = plans
    .filter(({ head, afterPts, reset }) => reset === undefined && afterPts < head.pts)
    .map(({ head, afterPts }) => ({
      conversationId: head.conversation_id,
      afterPts,
      upToPts: head.pts,
      visibleFromSeq: head.visible_from_seq,
    }));
  const changes = await readChanges(db, wanted, most + 1);
  const receipts = await readReceipts(
    db,
    userId,
    friendsOnly,
    plans.flatMap(({ head, reset }) => {
      const { conversation_id: id, member_count, receipts_version } = head;
      const afterVersion = knownReceipts.get(id);
      const isNews = reset === undefined && afterVersion !== undefined && afterVersion < (receipts_version ?? 0);
      return isNews && member_count <= limits.receiptsMembers ? [{ conversationId: id, afterVersion }] : [];
    }),
  );
  return plans.map(({ head, reset }): SyncedConversation => {
    if (reset !== undefined) return { ...headOf(head), reset };
    const missing = changes.get(head.conversation_id) ?? [];
    const risen = receipts.get(head.conversation_id);
    return {
      ...headOf(head),
      changes: missing.slice(0, most),
      ...(risen !== undefined && { receipts: risen }),
      ...(missing.length > most && { more: true }),
    };
  });
}

function resetOf(head: Head, afterPts: number, tooFarBehind: number): "tooFar" | "rejoined" | undefined {
  if (head.rejoined && afterPts < head.joined_pts) return "rejoined";
  // retention took messages that this client was never told of, whose senders' marks it could not know [L12]
  if (afterPts < head.forgotten_pts) return "tooFar";
  // ahead of the log: what this client knows is not of this log
  if (head.pts - afterPts > tooFarBehind || afterPts > head.pts) return "tooFar";
  return undefined;
}
