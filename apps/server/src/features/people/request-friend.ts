import { operations, type UserId, userId as userIdSchema } from "@hubbub/contract";
import { sql } from "kysely";
import { z } from "zod";
import { defineConsumer, onPerson, personEvent } from "../../operations/domain-event.ts";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import type { Outbox, OutboxConsumer } from "../../ports/outbox.ts";
import { type ChangePairDeps, changePair } from "./change-pair.ts";
import { judgeRequest, judgeRequestByEmail } from "./friendship.ts";

/** Somebody asked whoever has this e-mail address. */
const friendAskedByEmail = personEvent("FriendAskedByEmail", z.object({ emailKey: z.string() }));

export interface RequestFriendDeps extends ChangePairDeps {
  readonly clock: Clock;
  readonly outbox: Outbox;
}

export function requestFriendOperation(deps: RequestFriendDeps): Operation {
  return defineOperation(operations.requestFriend, {
    handle: async ({ userId: named, username, email }, { userId }) => {
      if (email !== undefined) return askByEmail(deps, userId, email);
      const peer = named ?? (username && (await findBy(deps.db, "username", username.toLowerCase(), userId)));
      if (peer === undefined || peer === "") return fail("NOT_FOUND");
      const now = new Date(deps.clock.now());
      const done = await changePair(deps, userId, userIdSchema.parse(peer), (pair) => judgeRequest(pair, now));
      return done.ok ? ok({ friend: done.value }) : done;
    },
    rest: ({ friend }) => (friend === undefined ? { body: {}, status: 202 } : { body: { friend }, status: 201 }),
  });
}

/** The account is looked for after the answer, so that the answer and its time are the same for every address [P6]. */
async function askByEmail({ db, outbox }: RequestFriendDeps, userId: UserId, email: string) {
  const event = friendAskedByEmail.of(userId, userId, { emailKey: email.toLowerCase() });
  outbox.handOver([await db.transaction().execute((tx) => outbox.write(tx, event))]);
  return ok({ friend: undefined });
}

export function friendsByEmailConsumer(deps: Omit<RequestFriendDeps, "outbox">): OutboxConsumer {
  return defineConsumer("friends-by-email", [
    onPerson(friendAskedByEmail, async ({ userId }, { emailKey }) => {
      const peer = await findBy(deps.db, "email_key", emailKey, userId);
      if (peer === undefined) return;
      const now = new Date(deps.clock.now());
      await changePair(deps, userId, peer, (pair) => ok(judgeRequestByEmail(pair, now)));
    }),
  ]);
}

/**
 * Someone by a name, if they let themselves be found. A block does not show here: who asks finds the person, and asks
 * in vain [P5].
 */
async function findBy(
  db: Database,
  column: "username" | "email_key",
  name: string,
  seeker: UserId,
): Promise<UserId | undefined> {
  const { rows } = await sql<{ id: UserId }>`
    select u.id from users u left join user_settings s on s.user_id = u.id
    where ${sql.ref(`u.${column}`)} = ${name} and u.deleted_at is null
      and (u.id = ${seeker}::uuid or case coalesce(s.find_me, 'everyone')
        when 'everyone' then true when 'friends' then are_friends(u.id, ${seeker}::uuid) else false end)
  `.execute(db);
  return rows[0]?.id;
}
