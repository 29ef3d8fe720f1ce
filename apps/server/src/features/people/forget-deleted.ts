import type { UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { defineConsumer, onPerson } from "../../operations/domain-event.ts";
import { ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import type { OutboxConsumer } from "../../ports/outbox.ts";
import { accountDeleted } from "../accounts/index.ts";
import { type ChangePairDeps, changePair, type PairChange } from "./change-pair.ts";
import type { Pair } from "./friendship.ts";

/** What else is a person's alone. */
const belongings = ["user_settings", "conversation_settings", "user_inbox"] as const;

/** Ends what was between a deleted account and others, who hear of it as of any parting, and what only its person saw. */
export function forgetDeletedConsumer(deps: ChangePairDeps): OutboxConsumer {
  return defineConsumer("forget-deleted-people", [
    onPerson(accountDeleted, async ({ userId }) => {
      for (const peer of await peersOf(deps.db, userId))
        await changePair(deps, userId, peer, (pair) => ok(partForGood(pair)));
      await forgetRest(deps.db, userId);
    }),
  ]);
}

/** Friends, those of whom one asked the other, and those of whom one blocks the other. */
async function peersOf(db: Database, userId: UserId): Promise<UserId[]> {
  const { rows } = await sql<{ id: UserId }>`
    select case f.low_user_id when ${userId}::uuid then f.high_user_id else f.low_user_id end as id
    from friendships f where f.low_user_id = ${userId}::uuid or f.high_user_id = ${userId}::uuid
    union select blocked_id from blocks where user_id = ${userId}::uuid
    union select user_id from blocks where blocked_id = ${userId}::uuid`.execute(db);
  return rows.map(({ id }) => id);
}

function partForGood({ actor, peer, friendship, peerBlocks }: Pair): PairChange {
  const isSeen = friendship !== undefined && friendship.status !== "declined" && friendship.hiddenFrom !== peer;
  return {
    next: undefined,
    tell: isSeen ? [peer] : [],
    write: (tx) =>
      sql`delete from blocks where user_id in (${actor}, ${peer}) and blocked_id in (${actor}, ${peer})`.execute(tx),
    tellBeside: peerBlocks ? [{ userId: peer, event: "SettingsUpdated", subjectId: actor }] : [],
  };
}

/** Also what was between two deleted accounts. */
async function forgetRest(db: Database, userId: UserId): Promise<void> {
  for (const table of belongings) await db.deleteFrom(table).where("user_id", "=", userId).execute();
  await sql`delete from friendships where low_user_id = ${userId} or high_user_id = ${userId}`.execute(db);
  await sql`delete from blocks where user_id = ${userId} or blocked_id = ${userId}`.execute(db);
}
