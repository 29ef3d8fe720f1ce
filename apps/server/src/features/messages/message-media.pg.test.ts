import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  type Attachment,
  type ConversationId,
  laneOf,
  type MediaId,
  type MediaState,
  type Message,
  type MessageId,
  mediaState,
  newClientMessageId,
  newMediaId,
  operations,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { addPicture } from "../../testing/media.ts";
import { seededRandom, testSeed } from "../../testing/seeded-random.ts";
import { TemporaryBlobs } from "../../testing/temporary-blobs.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";
import { messageSections } from "./personal-sections.ts";

let store: TestDatabase;
let nodes: readonly TestNode[];
const blobs = new TemporaryBlobs();
const random = seededRandom(testSeed());
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] ?? fail("nothing to pick from");
const anyNode = (): TestNode => pick(nodes);
const db = () => store.database.writer.kysely;

beforeAll(async () => {
  store = await createTestDatabase();
  nodes = [new TestNode(store.url, { blobs }), new TestNode(store.url, { blobs })];
}, 60_000);

afterAll(async () => {
  await Promise.all(nodes.map((each) => each.close()));
  await store.drop();
  blobs.drop();
});

function fail(why: string): never {
  throw new Error(why);
}

async function newGroup(owner: UserId, memberIds: readonly UserId[] = []): Promise<ConversationId> {
  const input = { type: "group", title: "A group", memberIds };
  return must(await anyNode().call(operations.createConversation, owner, input)).conversation.id;
}

const trySending = (sender: UserId, conversationId: ConversationId, mediaIds: readonly MediaId[], others = {}) =>
  anyNode().call(operations.sendMessage, sender, {
    ...{ conversationId, clientMessageId: newClientMessageId(), mediaIds, ...others },
  });

const send = async (...args: Parameters<typeof trySending>): Promise<Message> =>
  must(await trySending(...args)).message;
const forward = (actor: UserId, messageId: MessageId, conversationIds: readonly ConversationId[]) =>
  anyNode().call(operations.forwardMessage, actor, { messageId, conversationIds });
const remove = (actor: UserId, messageId: MessageId) => anyNode().call(operations.deleteMessage, actor, { messageId });

async function stateOf({ id }: Pick<Attachment, "id">): Promise<MediaState> {
  const query = db().selectFrom("media").select("state").where("lane", "=", laneOf(id)).where("id", "=", id);
  return (await query.executeTakeFirstOrThrow()).state;
}

test("[M5] media that are absent, others', another conversation's or not ready are refused alike, and nothing is stored", async () => {
  const [owner = fail("nobody"), member = fail("nobody")] = await addPeople(db(), 2);
  const conversationId = await newGroup(owner, [member]);
  const good = await addPicture(db(), owner, conversationId);
  const inState = async (state: MediaState): Promise<MediaId> => {
    const { id } = await addPicture(db(), owner, conversationId);
    await db().updateTable("media").set({ state }).where("id", "=", id).execute();
    return id;
  };
  const avatar = await addPicture(db(), owner, conversationId);
  await db().updateTable("media").set({ conversation_id: null }).where("id", "=", avatar.id).execute();
  const unfit = [
    newMediaId(conversationId),
    (await addPicture(db(), member, conversationId)).id,
    (await addPicture(db(), owner, await newGroup(owner))).id,
    avatar.id,
    ...(await Promise.all(mediaState.options.filter((state) => !/^(active|attached)$/.test(state)).map(inState))),
  ];
  const refusals = await Promise.all(unfit.map((id) => trySending(owner, conversationId, [good.id, id])));
  const path = "mediaIds";
  expect(refusals.map((refusal) => (refusal.ok ? "ok" : refusal.failure))).toEqual(
    unfit.map(() => ({
      code: "VALIDATION_FAILED",
      detail: expect.stringContaining(path),
      errors: [{ path, message: expect.any(String) }],
    })),
  );
  expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
  const { conversation } = must(await anyNode().call(operations.getConversation, owner, { conversationId }));
  expect([conversation.seq, conversation.pts, await stateOf(good)]).toEqual([1, 1, "active"]); // what the system said
  expect((await send(owner, conversationId, [good.id])).media).toEqual([good]);
  expect(await stateOf(good)).toBe("attached");
});

test("[M5] the media make the kind, in their sender's order, with a caption or without", async () => {
  const [owner = fail("nobody")] = await addPeople(db(), 1);
  const conversationId = await newGroup(owner);
  const add = (contentType: string) =>
    addPicture(db(), owner, conversationId, { fileName: `A file.${contentType}`.replace("/", "."), contentType });
  const [png, jpeg, mp4, webm, mp3, pdf] = await Promise.all(
    ["image/png", "image/jpeg", "video/mp4", "video/webm", "audio/mpeg", "application/pdf"].map(add),
  );
  if (!png || !jpeg || !mp4 || !webm || !mp3 || !pdf) throw new Error("six were added");
  const wanted: { readonly kind: Message["kind"]; readonly media: readonly Attachment[] }[] = [
    { kind: "image", media: [jpeg, png] },
    { kind: "video", media: [webm, mp4] },
    { kind: "audio", media: [mp3] },
    { kind: "file", media: [pdf] },
    { kind: "file", media: [png, mp4] },
  ];
  for (const { kind, media } of wanted) {
    const ids = media.map(({ id }) => id);
    expect(await send(owner, conversationId, ids)).toMatchObject({ kind, media });
    expect(await send(owner, conversationId, ids, { text: " " })).not.toHaveProperty("text");
    expect(await send(owner, conversationId, ids, { text: "A caption" })).toMatchObject({
      kind,
      media,
      text: "A caption",
    });
  }
  const { items } = must(await anyNode().call(operations.listMessages, owner, { conversationId, limit: 200 }));
  expect(items.slice(1).map(({ kind }) => kind)).toEqual(wanted.flatMap(({ kind }) => [kind, kind, kind]));
  const blank = await trySending(owner, conversationId, [png.id]).then(must);
  const edit = (messageId: MessageId, text: string) =>
    anyNode().call(operations.editMessage, owner, { messageId, text });
  expect(must(await edit(blank.message.id, "Said later")).message).toMatchObject({ text: "Said later", media: [png] });
  expect(must(await edit(blank.message.id, "")).message).not.toHaveProperty("text");
  const words = must(
    await anyNode().call(operations.sendMessage, owner, {
      conversationId,
      clientMessageId: newClientMessageId(),
      text: "x",
    }),
  );
  expect(await edit(words.message.id, " ")).toMatchObject({ ok: false, failure: { code: "VALIDATION_FAILED" } });
});

test("[L5] a repeat answers the media of the first, whatever media it names and whatever became of them", async () => {
  const [owner = fail("nobody")] = await addPeople(db(), 1);
  const conversationId = await newGroup(owner);
  const [one, two] = [await addPicture(db(), owner, conversationId), await addPicture(db(), owner, conversationId)];
  const clientMessageId = newClientMessageId();
  const again = (mediaIds: readonly MediaId[]) => trySending(owner, conversationId, mediaIds, { clientMessageId });
  const answers = (await Promise.all([again([one.id]), again([one.id]), again([one.id])])).map(must);
  answers.push(...(await Promise.all([again([two.id]), again([newMediaId(conversationId)])])).map(must));
  const [first = fail("nothing")] = answers;
  for (const { message } of answers) expect(message).toEqual({ ...first.message, media: [one] });
  expect([await stateOf(one), await stateOf(two)]).toEqual(["attached", "active"]);
  must(await remove(owner, first.message.id));
  expect(must(await again([one.id])).message).not.toHaveProperty("media");
  expect(await stateOf(one)).toBe("deleting");
});

test("[M5] [M6] what is forwarded refers to the same media, which live until the last message is gone", async () => {
  const [owner = fail("nobody"), member = fail("nobody")] = await addPeople(db(), 2);
  const [source, target, last] = [await newGroup(owner, [member]), await newGroup(member), await newGroup(member)];
  const picture = await addPicture(db(), owner, source);
  const message = await send(owner, source, [picture.id], { text: "Look" });
  const forwarded = must(await forward(member, message.id, [source, target])).items;
  expect(forwarded.map(({ kind, text, media }) => ({ kind, text, media }))).toEqual(
    [0, 1].map(() => ({ kind: "image", text: "Look", media: [picture] })),
  );
  // to be seen in a message is no right to send it as one's own
  expect(await trySending(member, target, [picture.id])).toMatchObject({
    ok: false,
    failure: { code: "VALIDATION_FAILED" },
  });
  must(await remove(owner, message.id));
  expect(await forward(member, message.id, [target])).toMatchObject({ ok: false, failure: { code: "CONFLICT" } });
  const [here = fail("no copy"), there = fail("no copy")] = forwarded;
  must(await remove(member, here.id));
  const [again = fail("no copy")] = must(await forward(member, there.id, [last])).items;
  must(await remove(member, there.id));
  expect(await stateOf(picture)).toBe("attached");
  must(await remove(member, again.id));
  expect(await stateOf(picture)).toBe("deleting");
});

test("[M4] [L12] retention lets a file go with its last message, and what was forwarded stays open to its readers", async () => {
  const [owner = fail("nobody"), reader = fail("nobody")] = await addPeople(db(), 2);
  const [source, target] = [await newGroup(owner, [reader]), await newGroup(owner, [reader])];
  const [kept, lost] = [await addPicture(db(), owner, source), await addPicture(db(), owner, source)];
  const message = await send(owner, source, [kept.id]);
  await send(owner, source, [lost.id]);
  must(await forward(owner, message.id, [target]));
  const codes = async () => {
    const answers = [kept, lost].map(({ id: mediaId }) => anyNode().call(operations.getMediaUrl, reader, { mediaId }));
    return (await Promise.all(answers)).map((answer) => (answer.ok ? "ok" : answer.failure.code));
  };
  expect(await codes()).toEqual(["ok", "ok"]);
  await db()
    .updateTable("messages")
    .set({ created_at: new Date("2001-01-01") })
    .where("conversation_id", "=", source)
    .execute();
  await pick(nodes).trimHistory();
  expect(await codes()).toEqual(["ok", "NOT_FOUND"]);
  expect([await stateOf(kept), await stateOf(lost)]).toEqual(["attached", "deleting"]);
});

test("a person's data have the files of their messages", async () => {
  const [owner = fail("nobody")] = await addPeople(db(), 1);
  const conversationId = await newGroup(owner);
  const picture = await addPicture(db(), owner, conversationId);
  const { id } = await send(owner, conversationId, [picture.id]);
  const messages = messageSections(db()).find(({ name }) => name === "messages") ?? fail("no such section");
  const parts = await Array.fromAsync(messages.json(owner));
  expect(JSON.parse(parts.join(""))).toEqual([
    expect.objectContaining({ id, kind: "image", text: null, media: [picture] }),
  ]);
});

test("[M6] a conversation that is deleted lets its media go, but for those that were forwarded", async () => {
  const [owner = fail("nobody")] = await addPeople(db(), 1);
  const [source, target] = [await newGroup(owner), await newGroup(owner)];
  const [kept, lost] = [await addPicture(db(), owner, source), await addPicture(db(), owner, source)];
  const message = await send(owner, source, [kept.id]);
  await send(owner, source, [lost.id, kept.id]);
  must(await forward(owner, message.id, [target]));
  must(await anyNode().call(operations.deleteConversation, owner, { conversationId: source }));
  for (const until = Date.now() + 30_000; (await stateOf(lost)) !== "deleting"; await Bun.sleep(5))
    if (Date.now() > until) fail("nothing was let go");
  expect(await stateOf(kept)).toBe("attached");
});

test("[L3] [M5] [M6] while the last message goes elsewhere its media are sent again, or refused; of the last two that go at once one lets them go", async () => {
  const [owner = fail("nobody")] = await addPeople(db(), 1);
  const [home, one, two] = [await newGroup(owner), await newGroup(owner), await newGroup(owner)];
  const outcomes = new Map<string, number>();
  for (let round = 0; round < 60; round++) {
    const picture = await addPicture(db(), owner, home);
    const message = await send(owner, home, [picture.id]);
    const copies = must(await forward(owner, message.id, [one, two])).items;
    must(await remove(owner, message.id));
    const [last = fail("no copy"), ...others] = copies;
    if (round % 3 > 0) await Promise.all(others.map(({ id }) => remove(owner, id)));
    const goes = round % 3 > 0 ? [last] : copies;
    const removing = goes.map(({ id }) => remove(owner, id));
    const sending = round % 3 > 0 ? [trySending(owner, home, [picture.id])] : [];
    if (round % 3 === 2) removing.push(forward(owner, last.id, [home]).then(() => remove(owner, last.id)));
    const [sent] = await Promise.all(sending);
    (await Promise.all(removing)).map(must);
    const code = sent === undefined || sent.ok ? "ok" : sent.failure.code;
    const state = await stateOf(picture);
    outcomes.set(`${code} ${state}`, (outcomes.get(`${code} ${state}`) ?? 0) + 1);
    expect(await isReferredTo(picture)).toBe(state === "attached");
  }
  expect(nodes.flatMap(({ errors }) => errors)).toEqual([]);
  expect(outcomes.get("ok deleting") ?? 0).toBeGreaterThan(0);
  expect(outcomes.get("ok attached") ?? 0).toBeGreaterThan(0);
}, 120_000);

async function isReferredTo({ id }: Attachment): Promise<boolean> {
  return (await db().selectFrom("message_media").select("seq").where("media_id", "=", id).execute()).length > 0;
}

test("[L3] [L7] [M5] [M6] people on two nodes send, forward and delete the same media at once: no reference dangles, nothing is kept in vain", async () => {
  const [owner = fail("nobody")] = await addPeople(db(), 1);
  const groups = await Promise.all([newGroup(owner), newGroup(owner), newGroup(owner)]);
  const home = pick(groups);
  const expected = new Set(["ok", "VALIDATION_FAILED", "CONFLICT"]);
  const codes = new Map<string, number>();
  for (let round = 0; round < 30; round++) {
    const pictures = await Promise.all([0, 1, 2].map(() => addPicture(db(), owner, home)));
    const some = () => pictures.filter(() => random() < 0.5).map(({ id }) => id);
    const alive = [
      await send(
        owner,
        home,
        pictures.map(({ id }) => id),
      ),
    ];
    for (let breath = 0; breath < 3; breath++) {
      const calls = Array.from({ length: 8 }, () => {
        const fate = random();
        const { id } = pick(alive);
        if (fate < 0.3) return trySending(owner, home, [pick(pictures).id, ...some()].filter(isFirst));
        if (fate < 0.55)
          return forward(
            owner,
            id,
            groups
              .filter(() => random() < 0.6)
              .concat(home)
              .filter(isFirst),
          );
        return remove(owner, id);
      });
      for (const result of await Promise.all(calls)) {
        const code = result.ok ? "ok" : result.failure.code;
        codes.set(code, (codes.get(code) ?? 0) + 1);
        if (!result.ok) continue;
        const { value } = result;
        alive.push(...("items" in value ? value.items : [value.message]));
      }
    }
    if (round % 2 === 0) await Promise.all(alive.map(({ id }) => remove(owner, id)));
  }
  expect(nodes.flatMap(({ errors }) => errors)).toEqual([]);
  expect([...codes.keys()].filter((code) => !expected.has(code))).toEqual([]);
  const { rows: wrong } = await sql`
    select m.id, m.state from media m
    where m.owner_id = ${owner}
      and (m.state = 'attached') <> exists (select from message_media r where r.media_lane = m.lane and r.media_id = m.id)
    union all
    select x.id, x.kind from messages x
    where x.sender_id = ${owner} and jsonb_array_length(coalesce(x.media, '[]')) <> (
      select count(*) from message_media r
      where r.lane = x.lane and r.conversation_id = x.conversation_id and r.seq = x.seq)`.execute(db());
  expect(wrong).toEqual([]);
  const { rows: states } = await sql<{ state: MediaState; count: number }>`
    select state, count(*)::integer as count from media where owner_id = ${owner} group by state`.execute(db());
  const counted = new Map(states.map(({ state, count }) => [state, count]));
  expect([...counted.keys()].toSorted()).toEqual(["attached", "deleting"]); // both ends were reached
  expect(codes.get("VALIDATION_FAILED") ?? 0).toBeGreaterThan(0); // and some came too late
}, 120_000);

const isFirst = <T>(item: T, index: number, all: readonly T[]): boolean => all.indexOf(item) === index;
