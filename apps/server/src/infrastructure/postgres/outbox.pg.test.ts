import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { type ConversationId, laneOf, newConversationId, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { z } from "zod";
import { inboxConsumer } from "../../features/sync/index.ts";
import { defineConsumer, onPerson, personEvent } from "../../operations/domain-event.ts";
import { Unavailable } from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";
import type { OutboxConsumer, OutboxEvent } from "../../ports/outbox.ts";
import { currentTrace, inTrace } from "../../ports/trace.ts";
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
  readonly consumers?: readonly OutboxConsumer[];
}

function newOutbox({ isAlone = false, consumers }: Options = {}) {
  const errors: unknown[] = [];
  const dead: string[] = [];
  const outbox = new PostgresOutbox({
    db,
    onError: (error) => errors.push(error),
    onDeadLetter: ({ eventId }) => dead.push(eventId),
    isAlone,
  });
  outbox.register(consumers ?? [inboxConsumer({ db, broadcaster })]);
  started.push(outbox);
  return { outbox, errors, dead };
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
    returning lane, id, event_id as "eventId", event, conversation_id as "conversationId", user_id as "userId", pts,
              actor_id as "actorId", payload, trace_id as "traceId"`.execute(db);
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

test("[L9] what is handed over after its commit reaches its consumers at once: nothing polls for it", async () => {
  const arrived = personEvent("PersonArrived", z.null());
  const handled = Promise.withResolvers<string>();
  const consumer = defineConsumer("welcome", [onPerson(arrived, async ({ eventId }) => handled.resolve(eventId))]);
  const { outbox } = newOutbox({ consumers: [consumer] }); // never started: it looks for nothing by itself
  const [person] = await addPeople(db, 1);
  if (person === undefined) throw new Error("A person is needed");
  const event = await db.transaction().execute((tx) => outbox.write(tx, arrived.of(person, person, null)));
  outbox.handOver([event]);
  expect(await handled.promise).toBe(event.eventId);
});

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

test("[L9] [L16] what waits together is written together, in its order and once; one that is bad fails alone", async () => {
  const { outbox, errors } = newOutbox();
  const additions = await Promise.all(Array.from({ length: 5 }, () => committedAddition(outbox.node)));
  const [first, second] = additions;
  if (first === undefined || second === undefined) throw new Error("Two additions are needed");
  const later = { ...first, event: "MemberRemoved" as const, pts: 2 };
  const removal = await committed(outbox.node, "30 seconds", later);
  await sql`update conversation_members set left_pts = 2 where conversation_id = ${first.id} and user_id = ${first.added}`.execute(
    db,
  );
  const bad = await committed(outbox.node, "30 seconds", { ...second, event: "MemberAdded", pts: 2 });
  const events = additions.map(({ event }) => event);
  outbox.handOver([...events, removal, { ...bad, payload: { userId: "nobody" } }, ...events]);
  for (const event of [...events, removal]) await becomes(() => left(event), 0);
  expect(await inboxOf(first.added)).toEqual(["AddedToConversation", "RemovedFromConversation"]);
  for (const { added } of additions.slice(1)) expect(await inboxOf(added)).toEqual(["AddedToConversation"]);
  expect(told(second.added)).toContain("AddedToConversation");
  expect(await left(bad)).toBe(1);
  expect(errors).toHaveLength(2); // once among the others, and once by itself
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

/** Lets the time until the next try pass, and a node look. */
async function tryAgain({ lane, id }: OutboxEvent, outbox: PostgresOutbox): Promise<void> {
  await sql`update outbox set claimed_until = now() - interval '1 second' where lane = ${lane} and id = ${id}`.execute(
    db,
  );
  outbox.start();
}

async function triesOf({ lane, id }: OutboxEvent): Promise<number | undefined> {
  const row = await db
    .selectFrom("outbox")
    .select("tries")
    .where("lane", "=", lane)
    .where("id", "=", id)
    .executeTakeFirst();
  return row?.tries;
}

/** Remembers what reached it, in order, and fails as told. */
function recorder(name: string, fails: (event: OutboxEvent) => Error | undefined = () => undefined) {
  const seen: number[] = [];
  const consume = async (event: OutboxEvent) => {
    const error = fails(event);
    if (error !== undefined) throw error;
    seen.push(event.id);
  };
  return { seen, consumer: { name, events: ["MemberAdded"], consume } };
}

test("[L9] where one of two consumers fails, the other's effect happens once, and others' events go on", async () => {
  let poison: number | undefined;
  const steady = recorder("steady");
  const shaky = recorder("shaky", ({ id }) => (id === poison ? new Error("poison") : undefined));
  const consumers = [steady.consumer, shaky.consumer];
  const { outbox, errors } = newOutbox({ consumers });
  const first = await committedAddition(outbox.node);
  const second = await committedAddition(outbox.node);
  poison = first.event.id;
  outbox.handOver([first.event, second.event]);
  await becomes(() => left(second.event), 0);
  expect([await triesOf(first.event), errors.length]).toEqual([1, 1]);
  poison = undefined;
  await tryAgain(first.event, newOutbox({ consumers }).outbox); // on another node
  await becomes(() => left(first.event), 0);
  expect(steady.seen).toEqual([first.event.id, second.event.id]);
  expect(shaky.seen).toEqual([second.event.id, first.event.id]);
});

test("[L9] after five tries an event is a dead letter; an admin's requeue gives it to who failed, once", async () => {
  let isPoisoned = true;
  const steady = recorder("steady");
  const shaky = recorder("shaky", () => (isPoisoned ? new TypeError("poison") : undefined));
  const { outbox, dead } = newOutbox({ consumers: [steady.consumer, shaky.consumer] });
  const { event, id } = await committedAddition(outbox.node);
  outbox.handOver([event]);
  for (let tries = 1; tries < 5; tries++) {
    await becomes(() => triesOf(event), tries);
    expect(dead).toEqual([]);
    await tryAgain(event, outbox);
  }
  await becomes(() => left(event), 0);
  await becomes(async () => dead, [event.eventId]);
  const [letter] = await outbox.list(10);
  expect(letter).toMatchObject({ id: event.eventId, event: "MemberAdded", conversationId: id, tries: 5 });
  expect(letter?.error).toBe("TypeError: poison");
  isPoisoned = false;
  expect([await outbox.requeue(event.eventId), await outbox.requeue(event.eventId)]).toEqual([true, false]);
  await becomes(async () => shaky.seen.length, 1);
  expect([steady.seen.length, await outbox.list(10)]).toEqual([1, []]);
});

test("[L9] what another node takes over comes in the order of each lane", async () => {
  const crashed = crypto.randomUUID();
  const additions = [];
  for (let n = 0; n < 3; n++) additions.push(await committedAddition(crashed, "-1 second"));
  const repeats = [];
  for (const { id, owner, added } of additions.toReversed())
    repeats.push(await committed(crashed, "-1 second", { event: "MemberAdded", id, owner, added, pts: 2 }));
  const { seen, consumer } = recorder("order");
  newOutbox({ consumers: [consumer] }).outbox.start();
  await becomes(async () => seen.length, 6);
  const inOrder = [...additions.map(({ event }) => event), ...repeats].toSorted(
    (a, b) => a.lane - b.lane || a.id - b.id,
  );
  expect(seen).toEqual(inOrder.map(({ id }) => id));
});

test("[L9] an event about a person has the lane of that person, and carries the trace of its request", async () => {
  const left = personEvent("PersonLeft", z.object({ reason: z.string() }));
  const [person] = await addPeople(db, 1);
  if (person === undefined) throw new Error("A person is needed");
  const heard: unknown[] = [];
  const consumer = defineConsumer("farewell", [
    onPerson(left, async ({ userId, lane }, { reason }) => void heard.push([userId, lane, reason, currentTrace()])),
  ]);
  const { outbox } = newOutbox({ consumers: [consumer] });
  const trace = "0af7651916cd43dd8448eb211c80319c";
  const write = () => db.transaction().execute((tx) => outbox.write(tx, left.of(person, person, { reason: "done" })));
  const event = await inTrace(trace, write);
  // as after a crash: from the row alone
  await tryAgain(event, newOutbox({ consumers: [consumer] }).outbox);
  await becomes(async () => heard, [[person, laneOf(person), "done", trace]]);
});

test("[L9] while the database is away events wait in their order", async () => {
  const order: number[] = [];
  let failures = 2;
  const consumer: OutboxConsumer = {
    name: "order",
    events: ["MemberAdded"],
    consume: async ({ id }) => {
      if (failures-- > 0) throw new Unavailable();
      order.push(id);
    },
  };
  const { outbox, errors } = newOutbox({ consumers: [consumer] });
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
