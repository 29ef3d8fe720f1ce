import { expect, test } from "bun:test";
import type { Conversation, OperationOutput } from "@hubbub/contract";
import { unique } from "../src/account.ts";
import { alice, api, bob, carol, connect, dave, draft } from "../src/target.ts";

type Page = OperationOutput<"listPublicConversations">;

const newChannel = async (fields: object = {}): Promise<Conversation> => {
  const input = { type: "channel", title: "Channel", visibility: "public", ...fields } as const;
  return (await api.call("createConversation", input, alice.token)).conversation;
};

test("anyone enters a public channel, hears it, reads all of it, and may leave and come back", async () => {
  await using b = await connect(bob);
  const { id: conversationId } = await newChannel();
  await api.call("sendMessage", draft(conversationId, "Before"), alice.token);
  const { conversation } = await api.call("joinChannel", { conversationId }, bob.token);
  expect(conversation).toMatchObject({ memberCount: 2, me: { role: "member", visibleFromSeq: 1 } });
  const added = await b.hears("MemberAdded");
  expect(added).toMatchObject({ userId: bob.user.id, by: bob.user.id, role: "member" });
  await b.hears("AddedToConversation", (told) => told.conversation.id === conversationId);
  const { message } = await api.call("sendMessage", draft(conversationId, "After"), alice.token);
  await b.hears("ReceiveMessage", ({ id }) => id === message.id);
  const { items } = await api.call("listMessages", { conversationId }, bob.token);
  expect(items.flatMap(({ text = [] }) => text)).toEqual(["Before", "After"]);

  const again = await api.call("joinChannel", { conversationId }, bob.token);
  expect(again.conversation).toMatchObject({ memberCount: 2 });
  await api.call("removeMember", { conversationId, userId: bob.user.id }, bob.token);
  const back = await api.call("joinChannel", { conversationId }, bob.token);
  expect(back.conversation.memberCount).toBe(2);
});

test("people who enter at once are all members, counted exactly", async () => {
  const { id: conversationId } = await newChannel();
  const people = [bob, carol, dave];
  await Promise.all(
    people.flatMap(({ token }) => [1, 2, 3].map(() => api.call("joinChannel", { conversationId }, token))),
  );
  const { items } = await api.call("listMembers", { conversationId }, alice.token);
  expect(items).toHaveLength(4);
  const { conversation } = await api.call("getConversation", { conversationId }, alice.token);
  expect(conversation.memberCount).toBe(4);
});

test("public channels are found by title and topic, each once, and others are not", async () => {
  const word = unique();
  const wanted = [
    await newChannel({ title: `About ${word.toUpperCase()}` }),
    await newChannel({ title: "Other", topic: `50% of ${word}_x` }),
    ...(await Promise.all(Array.from({ length: 5 }, (_, n) => newChannel({ title: `${word} ${n}` })))),
  ];
  await newChannel({ title: `Secret ${word}`, visibility: "private" });
  const closed = await newChannel({ title: `Closed ${word}` });
  await api.call("updateConversation", { conversationId: closed.id, visibility: "private" }, alice.token);
  const search = async (query: string, limit: number): Promise<Page["items"]> => {
    const found: Page["items"] = [];
    for (let cursor: { cursor?: string } | undefined = {}; cursor !== undefined; ) {
      const page: Page = await api.call("listPublicConversations", { query, limit, ...cursor }, dave.token);
      found.push(...page.items);
      cursor = page.nextCursor === null ? undefined : { cursor: page.nextCursor };
    }
    return found;
  };
  const found = await search(word, 2);
  expect(found.map(({ id }): string => id)).toEqual(
    wanted
      .map(({ id }): string => id)
      .toSorted()
      .toReversed(),
  );
  const [first] = await search(`about ${word}`, 200);
  expect(first).toEqual({
    id: expect.any(String),
    type: "channel",
    title: `About ${word.toUpperCase()}`,
    memberCount: 1,
  });
  expect(await search(`% of ${word}_`, 50)).toHaveLength(1);
  expect(await search(`%${word}`, 50)).toEqual([]);
  const bad = await api.refused("listPublicConversations", { cursor: "x" }, dave.token);
  expect(bad).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
});
