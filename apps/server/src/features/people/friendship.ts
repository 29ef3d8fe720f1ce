import type { UserId } from "@hubbub/contract";
import { fail, ok, type Result } from "../../operations/result.ts";

/** After so long a declined request may be repeated, milliseconds [P2]. */
export const REPEAT_AFTER_MS = 7 * 24 * 3_600_000;

/** What is kept of a pair; who never asked each other have none. */
export interface Friendship {
  readonly status: "requested" | "accepted" | "declined";
  readonly requestedBy: UserId;
  /** Which of the two does not see the request [P5] [P6]. */
  readonly hiddenFrom: UserId | null;
  readonly requestedAt: Date;
  readonly changedAt: Date;
}

/** One person, the other one, and what is between them. */
export interface Pair {
  readonly actor: UserId;
  readonly peer: UserId;
  readonly friendship: Friendship | undefined;
  readonly actorBlocks: boolean;
  readonly peerBlocks: boolean;
}

/** What becomes of a pair's friendship, and who is told. */
export interface FriendshipChange {
  readonly next: Friendship | undefined;
  readonly tell: readonly UserId[];
}

const requested = (requestedBy: UserId, hiddenFrom: UserId | null, at: Date): Friendship => ({
  status: "requested",
  requestedBy,
  hiddenFrom,
  requestedAt: at,
  changedAt: at,
});

const accepted = (before: Friendship, at: Date): Friendship => ({
  ...before,
  status: "accepted",
  hiddenFrom: null,
  changedAt: at,
});

/** Those of the two who see what is between them. */
const seers = ({ actor, peer }: Pair, { hiddenFrom }: Friendship): UserId[] =>
  [actor, peer].filter((id) => id !== hiddenFrom);

/**
 * Asks for a friendship; two requests that cross are one [P2]. @returns undefined where nothing changes
 */
export function judgeRequest(pair: Pair, now: Date): Result<FriendshipChange | undefined> {
  const { actor, peer, friendship, actorBlocks, peerBlocks } = pair;
  if (actor === peer) return fail("CANNOT_BEFRIEND_SELF");
  if (actorBlocks) return fail("CONFLICT", "You blocked this person. Unblock them first.");
  const asks = requested(actor, peerBlocks ? peer : null, now);
  const fresh = ok({ next: asks, tell: seers(pair, asks) });
  if (friendship === undefined) return fresh;
  const { status, requestedBy, hiddenFrom, changedAt } = friendship;
  if (status === "accepted") return fail("ALREADY_FRIENDS");
  const isPast = status === "declined" && now.getTime() - changedAt.getTime() >= REPEAT_AFTER_MS;
  if (requestedBy === peer)
    return status === "declined" ? fresh : ok({ next: accepted(friendship, now), tell: [actor, peer] });
  if (isPast) return fresh;
  if (hiddenFrom !== actor) return fail("ALREADY_REQUESTED");
  // it was asked by e-mail address, of which this must tell nothing: what was declined looks as if it waited [P6]
  const shown = { ...friendship, status: "requested" as const, hiddenFrom: status === "declined" ? peer : null };
  return ok({ next: shown, tell: [actor] });
}

const isAskedByEmail = ({ actor, friendship }: Pair): boolean =>
  friendship?.requestedBy === actor && friendship.hiddenFrom === actor;

/** The same by e-mail address: whatever hinders it is not told, and neither is that it was asked [P6]. */
export function judgeRequestByEmail(pair: Pair, now: Date): FriendshipChange | undefined {
  const judged = judgeRequest(pair, now);
  if (!judged.ok || judged.value?.next === undefined || isAskedByEmail(pair)) return undefined;
  const { next } = judged.value;
  if (next.status === "accepted") return judged.value;
  return pair.peerBlocks ? undefined : { next: { ...next, hiddenFrom: pair.actor }, tell: [pair.peer] };
}

/** Answers what the other one asked. */
export function judgeAnswer(
  pair: Pair,
  answer: "accepted" | "declined",
  now: Date,
): Result<FriendshipChange | undefined> {
  const { actor, peer, friendship } = pair;
  if (friendship?.status === "accepted" && answer === "accepted") return ok(undefined);
  if (friendship?.status !== "requested" || friendship.requestedBy !== peer || friendship.hiddenFrom === actor)
    return fail("NOT_FOUND");
  if (answer === "accepted") return ok({ next: accepted(friendship, now), tell: [actor, peer] });
  return ok({ next: { ...friendship, status: "declined", changedAt: now }, tell: seers(pair, friendship) });
}

/** Ends a friendship, withdraws a request of one's own, declines one of the other's. */
export function judgeRemoval(pair: Pair, now: Date): Result<FriendshipChange | undefined> {
  const { actor, friendship } = pair;
  if (friendship === undefined || friendship.status === "declined" || friendship.hiddenFrom === actor)
    return fail("NOT_FOUND");
  if (friendship.status === "requested" && friendship.requestedBy !== actor) return judgeAnswer(pair, "declined", now);
  return ok({ next: undefined, tell: seers(pair, friendship) });
}

/** What a block leaves of it: whoever is blocked goes on to see what they asked, and no more [P4] [P5]. */
export function afterBlock(pair: Pair): FriendshipChange {
  const { actor, peer, friendship } = pair;
  if (friendship === undefined || friendship.status === "declined") return { next: friendship, tell: [] };
  const { status, requestedBy, hiddenFrom } = friendship;
  const waits = status === "requested" && requestedBy === peer && hiddenFrom !== peer;
  if (!waits) return { next: undefined, tell: seers(pair, friendship) };
  return { next: { ...friendship, hiddenFrom: actor }, tell: hiddenFrom === null ? [actor] : [] };
}
