import {
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
import { gathered } from "../../operations/gathered.ts";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok, type Result } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { catchUp, type Head, headOf, type Known } from "./catch-up.ts";
import { readInbox } from "./read-inbox.ts";

export interface SyncDeps {
  readonly db: Database;
  /** Whether direct messages pass between friends alone. */
  readonly friendsOnly: boolean;
}

/** Conversations of one run of queries, of as many people as come to that. */
const MOST_TOGETHER = 1_000;

export function syncOperation(deps: SyncDeps): Operation {
  const synchronize = gathered((requests: readonly Request[]) => synchronizeAll(deps, requests), {
    atOnce: 2,
    weigh: ({ known }) => 1 + known.size,
    most: MOST_TOGETHER,
  });
  return defineOperation(operations.sync, {
    handle: (input, { userId }) => synchronize({ userId, input, known: numbersOf(input.conversations) }),
    rest: (body) => ({ body }),
    hub: (answer) => answer,
  });
}

interface Request {
  readonly userId: UserId;
  readonly input: OperationInput<"sync">;
  /** The pts known of each conversation. */
  readonly known: Known;
}

/** Where a person stands: the installation's epoch, their inbox, and their conversations. */
interface Standing {
  readonly epoch: string;
  readonly userPts: number;
  readonly heads: readonly Head[];
}

/** When thousands come back at once, the queries of many are the same few. @returns an answer for each, in order */
async function synchronizeAll(deps: SyncDeps, requests: readonly Request[]): Promise<Result<SyncAnswer>[]> {
  const { db } = deps;
  const selves = await readSelves(db, requests);
  const heads = await readHeads(db, requests);
  const standings = requests.map(({ userId }, index): Standing | undefined => {
    const self = selves.get(userId);
    return self && { ...self, heads: heads[index] ?? [] };
  });
  const missing = await catchUp(
    deps,
    requests.map(({ userId, input, known }, index) => ({
      ...{ userId, known, knownReceipts: numbersOf(input.receipts) },
      heads: headsToCatchUp(input, standings[index]),
    })),
  );
  return Promise.all(
    requests.map(async (request, index) => {
      const standing = standings[index];
      return standing === undefined
        ? fail("UNAUTHENTICATED")
        : ok(await answer(db, request, standing, missing[index] ?? []));
    }),
  );
}

/** Those of the heads whose changes are told: none where everything has to be read afresh. */
function headsToCatchUp(input: OperationInput<"sync">, standing: Standing | undefined): readonly Head[] {
  return standing !== undefined && input.epoch === standing.epoch && resetOfInbox(input, standing) === undefined
    ? standing.heads
    : [];
}

/** How many numbers of the inbox this client has not read; ahead of it, what the client knows is not of this inbox. */
function behindInbox({ userPts }: OperationInput<"sync">, standing: Standing): number {
  return userPts === undefined ? 0 : standing.userPts - userPts;
}

function resetOfInbox(input: OperationInput<"sync">, standing: Standing): "tooFar" | undefined {
  const behind = behindInbox(input, standing);
  return behind > limits.sync.tooFarBehind || behind < 0 ? "tooFar" : undefined;
}

async function answer(
  db: Database,
  { input, userId }: Request,
  standing: Standing,
  conversations: SyncedConversation[],
): Promise<SyncAnswer> {
  const { epoch, userPts, heads } = standing;
  const headsOnly = { epoch, userPts, user: [], conversations: heads.map(headOf) };
  if (input.epoch === undefined) return headsOnly;
  const reset = input.epoch !== epoch ? "epoch" : resetOfInbox(input, standing);
  if (reset !== undefined) return { ...headsOnly, reset };
  const behind = behindInbox(input, standing);
  const { changes: most } = limits.sync;
  const after = userPts - behind;
  const user = behind > 0 ? await readInbox(db, userId, after, after + Math.min(behind, most)) : [];
  return { epoch, userPts, user, ...(behind > most && { more: true }), conversations };
}

function numbersOf(known: Readonly<Record<string, number>>): Known {
  return new Map(Object.entries(known).map(([id, number]) => [conversationId.parse(id), number]));
}

/** The installation's epoch and where each person's inbox stands. */
async function readSelves(
  db: Database,
  requests: readonly Request[],
): Promise<Map<UserId, { readonly epoch: string; readonly userPts: number }>> {
  const rows = await db
    .selectFrom("users")
    .innerJoin("installation", (join) => join.onTrue())
    .select(["users.id", "installation.epoch", "users.user_pts as userPts"])
    .where("users.id", "=", sql<never>`any(${requests.map(({ userId }) => userId)}::uuid[])`)
    .execute();
  return new Map(rows.map(({ id, epoch, userPts }) => [id, { epoch, userPts }]));
}

/** Where the conversations stand that each person is a member of; the others are left out [L13]. */
async function readHeads(db: Database, requests: readonly Request[]): Promise<readonly Head[][]> {
  const heads = requests.map((): Head[] => []);
  const asked = requests.flatMap(({ userId, known }, request) =>
    [...known.keys()].map((id) => ({ request, userId, id })),
  );
  if (asked.length === 0) return heads;
  const { rows } = await sql<Head & { readonly request: number }>`
    select asked.request, m.conversation_id, c.pts, c.seq, c.member_count, c.forgotten_pts, m.joined_pts, m.rejoined, m.visible_from_seq,
           v.version as receipts_version
    from unnest(
      ${asked.map(({ request }) => request)}::integer[], ${asked.map(({ id }) => laneOf(id))}::smallint[],
      ${asked.map(({ id }) => id)}::uuid[], ${asked.map(({ userId }) => userId)}::uuid[]
    ) with ordinality as asked(request, lane, id, user_id, nth)
    -- left_pts is judged outside: inside it would let an index in that goes through all members
    cross join lateral (
      select * from conversation_members x
      where x.lane = asked.lane and x.conversation_id = asked.id and x.user_id = asked.user_id
      limit 1
    ) m
    cross join lateral (
      select x.pts, x.seq, x.member_count, x.forgotten_pts from conversations x where x.lane = asked.lane and x.id = asked.id limit 1
    ) c
    left join conversation_receipts v on v.lane = asked.lane and v.conversation_id = asked.id
    where m.left_pts is null
    order by asked.nth
  `.execute(db);
  for (const { request, ...head } of rows) heads[request]?.push(head);
  return heads;
}
