import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { type ConversationId, laneOf, newConversationId, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { inboxConsumer } from "../../features/sync/index.ts";
import { Unavailable } from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";
import type { OutboxConsumer, OutboxEvent } from "../../ports/outbox.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { addPeople, RecordingBroadcaster } from "../../testing/test-node.ts";
import { PostgresOutbox } from "./outbox.ts";

let testDatabase: TestDatabase;
let db: Database;
const broadcaster = new RecordingBroadcaster();
const started: PostgresOutbox[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  db = testDatabase.database.slow.kysely;
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((outbox) => outbox.stop()));
});

afterAll(() => testDatabase.drop());

interface Options {
  readonly isAlone?: boolean;
  readonly consumer?: OutboxConsumer;
}

function newOutbox({ isAlone = false, consumer }: Options = {}) {
  const errors: unknown[] = [];
  const outbox = new PostgresOutbox({ db, onError: (error) => errors.push(error), isAlone });
  outbox.register([consumer ?? inboxConsumer({ db, broadcaster })]);
  started.push(outbox);
  return { outbox, errors };
}

/** A conversation of two, and the addition of the second, committed by a node and not yet handed over. */
async function committedAddition(node: string, claim = "30 seconds") {
  const [owner, added] = await addPeople(db, 2);
  if (owner === undefined || added === undefined) throw new Error("Two people are needed");
  const id = newConversationId();
  const lane = laneOf(id);
  await sql`
    insert into conversations (lane, id, type, visibility, posting, history_visibility, member_count, pts, created_by)
    values (${lane}, ${id}, 'group', 'private', 'everyone', 'all', 2, 1, ${owner})`.execute(db);
  await sql`
    insert into conversation_members
      (lane, conversation_id, user_id, role, joined_pts, visible_from_seq, read_seq, delivered_seq)
    values (${lane}, ${id}, ${owner}, 'owner', 0, 1, 0, 0), (${lane}, ${id}, ${added}, 'member', 1, 1, 0, 0)`.execute(
    db,
  );
  const event = await committed(node, claim, { event: "MemberAdded", id, owner, added, pts: 1 });
  return { id, owner, added, event };
}

interface Membership {
  readonly event: "MemberAdded" | "MemberRemoved";
  readonly id: ConversationId;
  readonly owner: UserId;
  readonly added: UserId;
  readonly pts: number;
}

async function committed(node: string, claim: string, { event, id, owner, added, pts }: Membership) {
  const { rows } = await sql<OutboxEvent>`
    insert into outbox (lane, event, conversation_id, pts, actor_id, payload, claimed_by, claimed_until, created_at)
    values (${laneOf(id)}, ${event}, ${id}, ${pts}, ${owner}, ${{ userId: added }}::jsonb, ${node}::uuid,
            now() + ${claim}::interval, now())
    returning lane, id, event_id as "eventId", event, conversation_id as "conversationId", pts,
              actor_id as "actorId", payload`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error("Nothing was inserted");
  return row;
}

async function inboxOf(user: UserId): Promise<string[]> {
  const rows = await db
    .selectFrom("user_inbox")
    .select("event")
    .where("user_id", "=", user)
    .orderBy("user_pts")
    .execute();
  return rows.map(({ event }) => event);
}

const told = (user: UserId) => broadcaster.pushes.filter(({ to }) => to === user).map(({ event }) => event);

async function left({ lane, id }: OutboxEvent): Promise<number> {
  const rows = await db.selectFrom("outbox").select("id").where("lane", "=", lane).where("id", "=", id).execute();
  return rows.length;
}

async function becomes<T>(look: () => Promise<T>, wanted: T): Promise<void> {
  const until = performance.now() + 3_000;
  for (;;) {
    const found = await look();
    if (Bun.deepEquals(found, wanted)) return;
    if (performance.now() > until)
      throw new Error(`${JSON.stringify(found)} does not become ${JSON.stringify(wanted)}`);
    await Bun.sleep(5);
  }
}

test("[L9] [L16] an event that is handed over twice is in the inbox once, and its row goes", async () => {
  const { outbox, errors } = newOutbox();
  const { added, event } = await committedAddition(outbox.node);
  outbox.handOver([event, event]);
  outbox.handOver([event]);
  await becomes(() => left(event), 0);
  expect(await inboxOf(added)).toEqual(["AddedToConversation"]);
  expect(told(added)[0]).toBe("AddedToConversation");
  expect(errors).toEqual([]);
});

test("[L9] a crash between the commit and the hand-over: another node takes over when the claim has run out", async () => {
  const crashed = crypto.randomUUID();
  const running = await committedAddition(crashed);
  const expired = await committedAddition(crashed, "-1 second");
  newOutbox().outbox.start();
  await becomes(() => left(expired.event), 0);
  expect(await inboxOf(expired.added)).toEqual(["AddedToConversation"]);
  expect(told(expired.added)).toEqual(["AddedToConversation"]);
  expect([await left(running.event), await inboxOf(running.added)]).toEqual([1, []]);
  newOutbox({ isAlone: true }).outbox.start(); // who is alone knows that the other is dead
  await becomes(() => left(running.event), 0);
  expect(await inboxOf(running.added)).toEqual(["AddedToConversation"]);
});

test("[L9] a crash before the removal of the row: the entry stays the only one", async () => {
  const crashed = crypto.randomUUID();
  const { added, event } = await committedAddition(crashed, "-1 second");
  await inboxConsumer({ db, broadcaster }).consume(event);
  newOutbox().outbox.start();
  await becomes(() => left(event), 0);
  expect(await inboxOf(added)).toEqual(["AddedToConversation"]);
  const pushes = broadcaster.pushes.filter(({ to }) => to === added);
  expect(new Set(pushes.map(({ payload }) => ("userPts" in payload ? payload.userPts : 0)))).toEqual(new Set([1]));
});

test("[L9] what a consumer fails at stays for a later take-over, and others go on", async () => {
  let isPoisoned = true;
  const inbox = inboxConsumer({ db, broadcaster });
  let poison: OutboxEvent | undefined;
  const consumer: OutboxConsumer = {
    events: inbox.events,
    consume: async (event) => {
      if (isPoisoned && event.id === poison?.id) throw new Error("poison");
      await inbox.consume(event);
    },
  };
  const { outbox, errors } = newOutbox({ consumer });
  const first = await committedAddition(outbox.node);
  const second = await committedAddition(outbox.node);
  poison = first.event;
  outbox.handOver([first.event, second.event]);
  await becomes(() => left(second.event), 0);
  expect([await left(first.event), errors.length]).toEqual([1, 1]);
  isPoisoned = false;
  await sql`update outbox set claimed_until = now() - interval '1 second' where id = ${first.event.id}`.execute(db);
  newOutbox({ consumer }).outbox.start();
  await becomes(() => left(first.event), 0);
  expect(await inboxOf(first.added)).toEqual(["AddedToConversation"]);
});

test("[L9] while the database is away events wait in their order", async () => {
  const order: number[] = [];
  let failures = 2;
  const consumer: OutboxConsumer = {
    events: ["MemberAdded"],
    consume: async ({ id }) => {
      if (failures-- > 0) throw new Unavailable();
      order.push(id);
    },
  };
  const { outbox, errors } = newOutbox({ consumer });
  const first = await committedAddition(outbox.node);
  const second = await committedAddition(outbox.node);
  outbox.handOver([first.event, second.event]);
  await becomes(() => left(second.event), 0);
  expect(order).toEqual([first.event.id, second.event.id]);
  expect(errors).toHaveLength(1); // told once, not at every try
});

test("[L13] a removal that was held up by a crash does not take away what a later addition gave", async () => {
  const { outbox } = newOutbox();
  const { id, owner, added } = await committedAddition(outbox.node);
  const removal = await committed(crypto.randomUUID(), "-1 second", {
    event: "MemberRemoved",
    id,
    owner,
    added,
    pts: 2,
  });
  await sql`update conversation_members set joined_pts = 3, rejoined = true
            where conversation_id = ${id} and user_id = ${added}`.execute(db);
  const again = await committed(outbox.node, "30 seconds", { event: "MemberAdded", id, owner, added, pts: 3 });
  outbox.handOver([again]);
  await becomes(() => left(again), 0);
  outbox.start();
  await becomes(() => left(removal), 0);
  expect(await inboxOf(added)).toEqual(["AddedToConversation"]);
});
