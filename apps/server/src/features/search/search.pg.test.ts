import { afterAll, beforeAll, expect, test } from "bun:test";
import {
  type ConversationId,
  newClientMessageId,
  type OperationRequest,
  operations,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { addPicture } from "../../testing/media.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";

let store: TestDatabase;
let node: TestNode;
let alice: UserId;
let bob: UserId;
let stranger: UserId;

beforeAll(async () => {
  store = await createTestDatabase();
  node = new TestNode(store.url);
  const [first, second, third] = await addPeople(store.database.reads.kysely, 3);
  if (first === undefined || second === undefined || third === undefined) throw new Error("Three are needed");
  [alice, bob, stranger] = [first, second, third];
});

afterAll(async () => {
  await node.close();
  await store.drop();
});

async function newGroup(historyVisibility: "all" | "sinceJoined" = "all"): Promise<ConversationId> {
  const group = { type: "group", title: "Group", memberIds: [bob], historyVisibility } as const;
  return must(await node.call(operations.createConversation, alice, group)).conversation.id;
}

async function say(conversationId: ConversationId, text: string, sender = alice) {
  const draft = { conversationId, clientMessageId: newClientMessageId(), text };
  return must(await node.call(operations.sendMessage, sender, draft)).message;
}

async function search(query: OperationRequest<"searchMessages">, user = alice) {
  return must(await node.call(operations.searchMessages, user, query));
}

const textsOf = (found: Awaited<ReturnType<typeof search>>) => found.items.map(({ message }) => message.text ?? "");

test("[L10] members find what they see, from when they see it, and nobody else finds anything", async () => {
  const conversationId = await newGroup("sinceJoined");
  await say(conversationId, "periwinkle before");
  const query = { q: "periwinkle" };
  expect(textsOf(await search(query, bob))).toEqual(["periwinkle before"]);
  expect(textsOf(await search(query, stranger))).toEqual([]);
  expect(textsOf(await search({ ...query, conversationId }, stranger))).toEqual([]);
  must(await node.call(operations.removeMember, alice, { conversationId, userId: bob }));
  expect(textsOf(await search(query, bob))).toEqual([]);
  must(await node.call(operations.addMembers, alice, { conversationId, userIds: [bob, stranger] }));
  await say(conversationId, "periwinkle after");
  for (const person of [bob, stranger]) expect(textsOf(await search(query, person))).toEqual(["periwinkle after"]);
  expect(textsOf(await search(query))).toEqual(["periwinkle after", "periwinkle before"]);
});

test("[L10] who is in many conversations finds what they see of each, and no more", async () => {
  const [many] = await addPeople(store.database.reads.kysely, 1);
  if (many === undefined) throw new Error("One is needed");
  const said: string[] = [];
  for (let n = 0; n < 18; n++) {
    const conversationId = await newGroup();
    await say(conversationId, `marigold ${n}`);
    if (n === 3) continue;
    must(await node.call(operations.addMembers, alice, { conversationId, userIds: [many] }));
    said.unshift(`marigold ${n}`);
  }
  expect(textsOf(await search({ q: "marigold" }, many))).toEqual(said);
});

test("[L11] a text that is edited or deleted is found no more, by its own words and in the statement that changes it", async () => {
  const conversationId = await newGroup();
  const edited = await say(conversationId, "tulip");
  const deleted = await say(conversationId, "dahlia");
  must(await node.call(operations.editMessage, alice, { messageId: edited.id, text: "orchid" }));
  must(await node.call(operations.deleteMessage, alice, { messageId: deleted.id }));
  expect(textsOf(await search({ q: "tulip" }))).toEqual([]);
  expect(textsOf(await search({ q: "dahlia" }))).toEqual([]);
  expect(textsOf(await search({ q: "orchid" }))).toEqual(["orchid"]);
  const { rows } = await sql<{ kept: string }>`
    select * from pg_stats where tablename like 'messages%' and most_common_elems::text ~ 'tulip|dahlia'
  `.execute(store.database.reads.kysely);
  expect(rows).toEqual([]);
});

test("words are found in any language, from their beginning, whatever their case and accents", async () => {
  const conversationId = await newGroup();
  const cases = [
    ["私は日本語を話します", ["日本", "日本語", "本語", "語", "日本語を話"], ["日語", "日本話"]],
    ["猫", ["猫"], ["猫猫"]],
    ["Das Café in der Straße", ["cafe", "CAFÉ", "stra", "in der"], ["traße", "afe"]],
    ["مَرْحَبًا بالعالم", ["مرحبا", "بالع"], ["عالم"]],
    ["नमस्ते दुनिया", ["नमस्ते", "दुनि"], ["नमते"]],
    ["ภาษาไทยง่าย", ["ไทย"], ["ไทง"]],
    ["안녕하세요 한국어", ["한국", "국어", "안녕"], ["한어"]],
    ["party 🎉👍🏽 tonight", ["🎉", "👍🏽", "party 🎉"], ["🎊"]],
    ["C++ beats C#", ["C++", "c#", "c"], ["C--", "c+++"]],
    ['she said "to be or not"', ['"to be or"', '"not"', "be to"], ['"be to"']],
    ["100% of a_b\\c", ["100%", "a_b", "a_b\\c", "100"], ["10%", "a%b", "axb", "a_c"]],
    ["<b>bold</b> & 'quoted':* | !x", ["<b>", "'quoted':*", "!x", "bold"], ["<i>", "!bold"]],
  ] as const;
  for (const [text, finds, misses] of cases) {
    await say(conversationId, text);
    for (const q of finds) expect([q, textsOf(await search({ q, conversationId }))]).toEqual([q, [text]]);
    for (const q of misses) expect([q, textsOf(await search({ q, conversationId }))]).toEqual([q, []]);
  }
});

test("a query of marks alone finds nothing, and a hostile one is answered at once", async () => {
  const conversationId = await newGroup();
  await say(conversationId, `${"あ".repeat(5_000)} ${"x".repeat(1_000)}`);
  for (const q of ["%", "_", "\\", "'", '"', ":*", "((", "&|!"]) expect(textsOf(await search({ q }))).toEqual([]);
  const hostile = ["a ".repeat(127), '"'.repeat(255), "あ".repeat(256), "(a|".repeat(80), "x".repeat(256)];
  const started = performance.now();
  for (const q of hostile) await search({ q, conversationId });
  expect(performance.now() - started).toBeLessThan(5_000);
  const long = await node.call(operations.searchMessages, alice, { q: "a ".repeat(5_000) });
  expect(long.ok ? "" : long.failure.code).toBe("VALIDATION_FAILED");
});

test("highlights are ranges of the text as it is, in UTF-16 units", async () => {
  const conversationId = await newGroup();
  const shown = async (text: string, q: string) => {
    await say(conversationId, text);
    const { highlights = [] } = (await search({ q, conversationId })).items[0] ?? {};
    return highlights.map(({ from, to }) => text.slice(from, to));
  };
  expect(await shown("👍🏽 Crème brûlée, crème", "CREME")).toEqual(["Crème", "crème"]);
  expect(await shown("e\u0301tude of an étude", "etude")).toEqual(["e\u0301tude", "étude"]);
  expect(await shown("大好きな日本語", "日本")).toEqual(["日本"]);
  expect(await shown("concatenate a cat, catalogue", "cat")).toEqual(["cat", "cat"]);
  expect(await shown("fine ﬁnale", '"fi"')).toEqual(["fi", "ﬁ"]);
});

test("a file is found by its name until its message is deleted, and messages by what their files are", async () => {
  const conversationId = await newGroup();
  const types = ["image/png", "video/mp4", "audio/mpeg", "application/pdf"] as const;
  const send = async (fileNames: readonly string[], text?: string) => {
    const media = await Promise.all(
      fileNames.map((fileName, index) => {
        const about = { fileName, contentType: types[index] ?? "image/png" };
        return addPicture(store.database.writer.kysely, alice, conversationId, about);
      }),
    );
    const mediaIds = media.map(({ id }) => id);
    const input = {
      conversationId,
      clientMessageId: newClientMessageId(),
      mediaIds,
      ...(text !== undefined && { text }),
    };
    return must(await node.call(operations.sendMessage, alice, input)).message;
  };
  const silent = await send(["Quokka_2026 (final).png"]);
  const several = await send(["a quokka.png", "b.mp4", "c.mp3", "d.pdf"], "Four of them");
  await say(conversationId, "Only words of a quokka");
  const found = async (query: OperationRequest<"searchMessages">) =>
    (await search({ conversationId, ...query })).items.map(({ message }) => message.id);
  expect(await found({ q: "QUOKKA 2026" })).toEqual([silent.id]);
  expect(await found({ q: '"quokka_2026 (final)"' })).toEqual([silent.id]);
  expect(await found({ q: "four quokka" })).toEqual([several.id]);
  expect((await search({ q: "four quokka" })).items[0]?.highlights).toEqual([{ from: 0, to: 4 }]);
  expect(await found({ q: "quokka", has: "media" })).toEqual([several.id, silent.id]);
  expect(await found({ q: "quokka", has: "image" })).toEqual([several.id, silent.id]);
  for (const has of ["video", "audio", "file"] as const)
    expect(await found({ q: "quokka", has })).toEqual([several.id]);
  expect(await found({ q: "quokka", has: "link" })).toEqual([]);
  expect(await found({ has: "image" })).toEqual([several.id, silent.id]);
  expect((await search({ has: "audio", conversationId })).items[0]?.highlights).toEqual([]);
  expect(await found({ q: '""' })).toEqual([]);
  must(await node.call(operations.deleteMessage, alice, { messageId: silent.id }));
  expect(await found({ q: "quokka" })).toHaveLength(2);
});

test("pages go from the newest back, each message once, and filters narrow them", async () => {
  const conversationId = await newGroup();
  const other = await newGroup();
  for (let n = 0; n < 7; n++) await say(n % 2 === 0 ? conversationId : other, `page lilac ${n}`, n < 4 ? alice : bob);
  const found: string[] = [];
  for (let cursor: { cursor?: string } | undefined = {}; cursor !== undefined; ) {
    const page = await search({ q: "lilac", limit: 2, ...cursor });
    found.push(...textsOf(page));
    cursor = page.nextCursor === null ? undefined : { cursor: page.nextCursor };
  }
  expect(found).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `page lilac ${n}`));
  expect(textsOf(await search({ q: "lilac", from: bob }))).toEqual(found.slice(0, 3));
  expect(textsOf(await search({ q: "lilac", conversationId: other }))).toHaveLength(3);
  const linked = await say(other, "lilac https://example.org/");
  expect(textsOf(await search({ q: "lilac", has: "link" }))).toEqual(["lilac https://example.org/"]);
  const moment = linked.createdAt;
  expect(textsOf(await search({ q: "lilac", after: moment }))).toContain("lilac https://example.org/");
  expect(textsOf(await search({ q: "lilac", before: moment }))).not.toContain("lilac https://example.org/");
  const refused = await node.call(operations.searchMessages, alice, { q: "lilac", cursor: "nonsense" });
  expect(refused.ok ? "" : refused.failure.code).toBe("VALIDATION_FAILED");
});
