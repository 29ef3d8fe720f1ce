import { expect, test } from "bun:test";
import { newUserId, type OperationOutput } from "@hubbub/contract";
import { newAccount } from "../src/account.ts";
import { alice, api, bob, carol, connect, draft, newGroup } from "../src/target.ts";

type Page = OperationOutput<"listConversations">;

test.each(["group", "channel"] as const)(
  "a %s begins with its creator as owner, and tells its members",
  async (type) => {
    await using a = await connect(alice);
    await using b = await connect(bob);
    const title = "É 👋";
    const request = { type, title, topic: "Ünïcode", memberIds: [bob.user.id, bob.user.id, alice.user.id] };
    const { status, output } = await api.callWithStatus("createConversation", request, alice.token);
    expect(status).toBe(201);
    const { conversation } = output;
    expect(conversation).toMatchObject({ type, title, topic: "Ünïcode", memberCount: 2, visibility: "private" });
    expect(conversation.me.role).toBe("owner");
    expect(conversation.historyVisibility).toBe(type === "channel" ? "all" : "sinceJoined");

    const isIt = (payload: { conversation: { id: string } }) => payload.conversation.id === conversation.id;
    const toldBob = await b.hears("NewConversationCreated", isIt);
    expect(toldBob.conversation).toMatchObject({ title, me: { role: "member" } });
    await a.hears("NewConversationCreated", isIt);

    const { messageId } = await a.send(draft(conversation.id, "At once"));
    await b.hears("ReceiveMessage", (message) => message.id === messageId);
    const members = await api.call("listMembers", { conversationId: conversation.id }, bob.token);
    const roles = new Map(members.items.map((member) => [member.userId, member.role]));
    expect(roles).toEqual(
      new Map([
        [alice.user.id, "owner"],
        [bob.user.id, "member"],
      ]),
    );
  },
);

test("there is one direct conversation between two people, whoever begins it", async () => {
  const [mia, noah] = await Promise.all([newAccount(api, "mia"), newAccount(api, "noah")]);
  const begin = (memberIds: string[], { token } = mia) =>
    api.callWithStatus("createConversation", { type: "direct", memberIds }, token);
  const first = await begin([noah.user.id]);
  expect(first.status).toBe(201);
  expect(first.output.conversation).toMatchObject({ type: "direct", memberCount: 2, peer: noah.user });
  const second = await begin([noah.user.id]);
  expect(second.status).toBe(200);
  expect(second.output.conversation.id).toBe(first.output.conversation.id);
  const fromOtherSide = await begin([mia.user.id], noah);
  expect(fromOtherSide.status).toBe(200);
  expect(fromOtherSide.output.conversation).toMatchObject({ id: first.output.conversation.id, peer: mia.user });

  const notes = await begin([]);
  expect(notes.output.conversation).toMatchObject({ type: "direct", memberCount: 1, peer: mia.user });
  expect((await begin([])).output.conversation.id).toBe(notes.output.conversation.id);
  expect((await begin([mia.user.id])).output.conversation.id).toBe(notes.output.conversation.id);
  await api.call("sendMessage", draft(notes.output.conversation.id, "Milk"), mia.token);
});

test("both begin a direct conversation at once, and it is one", async () => {
  const [olga, pete] = await Promise.all([newAccount(api, "olga"), newAccount(api, "pete")]);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) => {
      const [me, peer] = index % 2 === 0 ? [olga, pete] : [pete, olga];
      return api.callWithStatus("createConversation", { type: "direct", memberIds: [peer.user.id] }, me.token);
    }),
  );
  expect(new Set(answers.map(({ output }) => output.conversation.id)).size).toBe(1);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
});

test("a direct conversation has no name, and no third member", async () => {
  const { output } = await api.callWithStatus(
    "createConversation",
    { type: "direct", memberIds: [bob.user.id] },
    alice.token,
  );
  const conversationId = output.conversation.id;
  const renamed = await api.refused("updateConversation", { conversationId, title: "x" }, alice.token);
  expect(renamed).toMatchObject({ status: 409, code: "NOT_FOR_DIRECT" });
  const added = await api.refused("addMembers", { conversationId, userIds: [carol.user.id] }, alice.token);
  expect(added).toMatchObject({ status: 409, code: "NOT_FOR_DIRECT" });
  const removed = await api.refused("removeMember", { conversationId, userId: bob.user.id }, alice.token);
  expect(removed).toMatchObject({ status: 409, code: "NOT_FOR_DIRECT" });
  const three = { type: "direct", memberIds: [bob.user.id, carol.user.id] };
  expect((await api.refused("createConversation", three, alice.token)).code).toBe("VALIDATION_FAILED");
});

test("nobody who does not exist becomes a member", async () => {
  const request = { type: "group", title: "x", memberIds: [newUserId()] };
  expect((await api.refused("createConversation", request, alice.token)).status).toBeOneOf([400, 404]);
  const { id: conversationId } = await newGroup(alice);
  const added = await api.refused("addMembers", { conversationId, userIds: [newUserId()] }, alice.token);
  expect(added.status).toBeOneOf([400, 404]);
});

test("a change of title, topic or posting is pushed with its pts, and only what changed", async () => {
  await using b = await connect(bob);
  const { id: conversationId, pts } = await newGroup(alice, bob);
  const changes = [{ title: "É 👋" }, { topic: "New" }, { topic: null }, { posting: "admins" as const }];
  for (const [index, change] of changes.entries()) {
    const { conversation } = await api.call("updateConversation", { conversationId, ...change }, alice.token);
    // the change, and what the system says of it [C9]
    const changed = pts + 1 + 2 * index;
    expect(conversation.pts).toBe(changed + 1);
    const heard = await b.hears("ConversationUpdated", (update) => update.pts === changed);
    expect(heard).toEqual({ conversationId: conversation.id, ...change, pts: changed });
    await b.hears("ReceiveMessage", (said) => said.pts === changed + 1);
  }
  const { conversation } = await api.call("getConversation", { conversationId }, bob.token);
  expect(conversation).toMatchObject({ title: "É 👋", posting: "admins", pts: pts + 8 });
  expect(conversation.topic).toBeUndefined();
});

test("members without a role may not rename, add or remove, nor post where only admins do", async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  const token = bob.token;
  expect(await api.refused("updateConversation", { conversationId, title: "x" }, token)).toMatchObject({ status: 403 });
  expect(await api.refused("addMembers", { conversationId, userIds: [carol.user.id] }, token)).toMatchObject({
    status: 403,
  });
  const removal = { conversationId, userId: alice.user.id };
  expect(await api.refused("removeMember", removal, token)).toMatchObject({ status: 403, code: "FORBIDDEN" });
  await api.call("sendMessage", draft(conversationId, "May"), token);
  await api.call("updateConversation", { conversationId, posting: "admins" }, alice.token);
  expect((await api.refused("sendMessage", draft(conversationId, "May not"), token)).code).toBe("FORBIDDEN");
  await api.call("sendMessage", draft(conversationId, "May"), alice.token);
});

test("the list shows the newest activity first, page by page, each once", async () => {
  const quinn = await newAccount(api, "quinn");
  const oldest = await newGroup(quinn);
  // At once, so that some begin within the same millisecond.
  const groups = [oldest, ...(await Promise.all(Array.from({ length: 30 }, () => newGroup(quinn))))];
  await api.call("sendMessage", draft(oldest.id, "Up again"), quinn.token);
  const list = async (limit: number): Promise<string[]> => {
    const seen: string[] = [];
    for (let cursor: { cursor?: string } | undefined = {}; cursor !== undefined; ) {
      const page: Page = await api.call("listConversations", { limit, ...cursor }, quinn.token);
      seen.push(...page.items.map((conversation) => conversation.id));
      cursor = page.nextCursor === null ? undefined : { cursor: page.nextCursor };
    }
    return seen;
  };
  const whole = await list(200);
  expect(whole[0]).toBe(oldest.id);
  expect(whole.toSorted()).toEqual(groups.map((group): string => group.id).sort());
  expect(await list(1)).toEqual(whole);
  expect(await list(7)).toEqual(whole);
});
