import type { Friend, UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { Refused, type Result, refusable } from "../../operations/result.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import { viewFriends } from "./friend-view.ts";
import type { Friendship, FriendshipChange, Pair } from "./friendship.ts";
import { lockPair } from "./lock-pair.ts";
import { type PersonalBroadcaster, pushPersonal, type Telling, tellPeople } from "./personal-entries.ts";

export interface ChangePairDeps {
  readonly db: Database;
  readonly broadcaster: PersonalBroadcaster;
}

/** What an operation does beside it, in the same transaction. */
export interface PairChange extends FriendshipChange {
  readonly write?: (tx: Transactor) => Promise<unknown>;
  readonly tellBeside?: readonly Telling[];
}

/**
 * The way of every change of what is between two people: their pair is locked, then read and judged, written, and told
 * to those who see it [P3] [L3] [L16].
 * @param judge undefined: nothing changes
 * @returns what is between them then, as the actor sees it; NOT_FOUND where the other has no account
 */
export async function changePair(
  { db, broadcaster }: ChangePairDeps,
  actor: UserId,
  peer: UserId,
  judge: (pair: Pair) => Result<PairChange | undefined>,
): Promise<Result<Friend | undefined>> {
  const done = await refusable(() =>
    db.transaction().execute(async (tx) => {
      await lockPair(tx, actor, peer);
      const judged = judge(await readPair(tx, actor, peer));
      if (!judged.ok) throw new Refused(judged.failure);
      const told = judged.value === undefined ? [] : await write(tx, actor, peer, judged.value);
      return { told, friend: (await viewFriends(tx, actor, [peer])).get(peer) };
    }),
  );
  if (!done.ok) return done;
  pushPersonal(broadcaster, done.value.told);
  return { ok: true, value: done.value.friend };
}

async function write(tx: Transactor, actor: UserId, peer: UserId, change: PairChange) {
  await writeFriendship(tx, actor, peer, change.next);
  await change.write?.(tx);
  const isAsked = change.next?.status === "requested" && change.next.requestedBy === actor;
  return tellPeople(tx, actor, [
    ...change.tell.map(
      (userId): Telling => ({
        userId,
        event: userId === peer && isAsked ? "FriendRequestReceived" : "FriendRequestUpdated",
        subjectId: userId === peer ? actor : peer,
      }),
    ),
    ...(change.tellBeside ?? []),
  ]);
}

interface PairRow {
  status: Friendship["status"] | null;
  requested_by: UserId | null;
  hidden_from: UserId | null;
  requested_at: Date | null;
  changed_at: Date | null;
  actor_blocks: boolean;
  peer_blocks: boolean;
}

/** @throws Refused NOT_FOUND where the other one has no account */
async function readPair(tx: Transactor, actor: UserId, peer: UserId): Promise<Pair> {
  const { rows } = await sql<PairRow>`
    select f.status, f.requested_by, f.hidden_from, f.requested_at, f.changed_at,
           exists (select 1 from blocks where user_id = ${actor}::uuid and blocked_id = u.id) as actor_blocks,
           exists (select 1 from blocks where user_id = u.id and blocked_id = ${actor}::uuid) as peer_blocks
    from users u
    left join friendships f
      on f.low_user_id = least(u.id, ${actor}::uuid) and f.high_user_id = greatest(u.id, ${actor}::uuid)
    where u.id = ${peer}::uuid and u.deleted_at is null`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Refused({ code: "NOT_FOUND" });
  const { status, requested_by: requestedBy, requested_at: requestedAt, changed_at: changedAt } = row;
  const isKept = status !== null && requestedBy !== null && requestedAt !== null && changedAt !== null;
  return {
    actor,
    peer,
    friendship: isKept ? { status, requestedBy, hiddenFrom: row.hidden_from, requestedAt, changedAt } : undefined,
    actorBlocks: row.actor_blocks,
    peerBlocks: row.peer_blocks,
  };
}

async function writeFriendship(tx: Transactor, actor: UserId, peer: UserId, next: Friendship | undefined) {
  const [low = actor, high = peer] = [actor, peer].sort();
  if (next === undefined) {
    await tx.deleteFrom("friendships").where("low_user_id", "=", low).where("high_user_id", "=", high).execute();
    return;
  }
  const row = {
    status: next.status,
    requested_by: next.requestedBy,
    hidden_from: next.hiddenFrom,
    requested_at: next.requestedAt,
    changed_at: next.changedAt,
  };
  await tx
    .insertInto("friendships")
    .values({ low_user_id: low, high_user_id: high, ...row })
    .onConflict((conflict) => conflict.columns(["low_user_id", "high_user_id"]).doUpdateSet(row))
    .execute();
}
