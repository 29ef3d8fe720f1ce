import { expect, test } from "bun:test";
import type { UserStatus } from "@hubbub/contract";
import { newAccount } from "../src/account.ts";
import { eventually } from "../src/eventually.ts";
import { failure } from "../src/failure.ts";
import { HubClient } from "../src/hub.ts";
import { alice, api, bob, connect, draft, newChannel, newGroup, url } from "../src/target.ts";

const unknown = crypto.randomUUID();

/** The next event of a person's status that fits. @throws after 15 s: going offline takes a while */
async function hearsStatus(hub: HubClient, userId: string, fits: (status: UserStatus) => boolean): Promise<UserStatus> {
  const from = hub.heard("UserStatusChanged").length;
  return eventually(
    () =>
      hub
        .heard("UserStatusChanged")
        .slice(from)
        .find((status) => status.userId === userId && fits(status)),
    () => `No such status among ${JSON.stringify(hub.pushes)}`,
    20_000,
  );
}

test.each(["chat", "presence"] as const)(
  "who watches on the %s hub hears of coming, status and going",
  async (hub) => {
    const dan = await newAccount(api, "dan");
    await using a = await connect(alice, hub);
    const nobody = { userId: unknown, presence: "offline" };
    expect(await a.call("watchPresence", { userIds: [dan.user.id, unknown] })).toEqual([
      { userId: dan.user.id, presence: "offline" },
      nobody,
    ] as UserStatus[]);

    const came = hearsStatus(a, dan.user.id, ({ presence }) => presence === "online");
    const phone = await connect(dan);
    const laptop = await connect(dan, "presence");
    expect(await came).toEqual({ userId: dan.user.id, presence: "online" });

    const changed = hearsStatus(a, dan.user.id, ({ presence }) => presence === "busy");
    const expiresAt = "2100-01-01T00:00:00.000Z";
    const status = { text: "In a meeting", expiresAt };
    const own = { userId: dan.user.id, presence: "busy", status } as const;
    expect(await laptop.call("updateStatus", { presence: "busy", text: status.text, expiresAt })).toEqual(own);
    expect(await changed).toEqual(own);
    const { user } = await api.call("getUser", { userId: dan.user.id }, alice.token);
    expect(user).toEqual({ ...dan.user, presence: "busy", status });

    const left = hearsStatus(a, dan.user.id, ({ presence }) => presence === "offline");
    await phone.connection.stop();
    await laptop.connection.stop();
    const gone = await left;
    expect(gone).toEqual({ userId: dan.user.id, presence: "offline", lastSeenAt: expect.any(String) });
    expect(a.heard("UserStatusChanged").map(({ presence }) => presence)).toEqual(["online", "busy", "offline"]);
    const { user: absent } = await api.call("getUser", { userId: dan.user.id }, alice.token);
    expect(absent).toEqual({ ...dan.user, presence: "offline", lastSeenAt: gone.lastSeenAt ?? "" });

    const before = a.heard("UserStatusChanged").length;
    await a.call("unwatchPresence", { userIds: [dan.user.id] });
    await api.call("updateStatus", { presence: "away" }, dan.token);
    await using back = await connect(dan);
    await eventually(
      async () => (await api.call("getUser", { userId: dan.user.id }, alice.token)).user.presence === "away",
      () => "Dan is not away",
    );
    await back.call("watchPresence", { userIds: [] });
    expect(a.heard("UserStatusChanged")).toHaveLength(before);
  },
  60_000,
);

test("[PR3] who is invisible is offline, byte for byte, and nothing they do moves what others see", async () => {
  const eve = await newAccount(api, "eve");
  const read = async () =>
    (await api.send("getUser", { userId: eve.user.id }, { token: alice.token })).text +
    (await api.send("listUsers", { ids: [eve.user.id] }, { token: alice.token })).text;
  await using a = await connect(alice);
  const offline = await read();
  await api.call("updateStatus", { presence: "invisible", text: "Hidden" }, eve.token);
  await a.call("watchPresence", { userIds: [eve.user.id] });
  {
    await using e = await connect(eve);
    const own = { userId: eve.user.id, presence: "invisible", status: { text: "Hidden" } } as const;
    await eventually(
      async () => (await e.call("watchPresence", { userIds: [eve.user.id] }))[0]?.presence === "invisible",
      () => "Eve is not there",
    );
    expect(await e.call("updateStatus", { presence: "invisible", text: "Hidden" })).toEqual(own);
    expect(await read()).toBe(offline);
    expect(await a.call("watchPresence", { userIds: [eve.user.id] })).toEqual([
      { userId: eve.user.id, presence: "offline" },
    ]);

    const seen = hearsStatus(a, eve.user.id, ({ presence }) => presence === "online");
    await e.call("updateStatus", { presence: "online" });
    await seen;
    const hidden = hearsStatus(a, eve.user.id, ({ presence }) => presence === "offline");
    await e.call("updateStatus", { presence: "invisible" });
    const last = await hidden;
    expect(last).toEqual({ userId: eve.user.id, presence: "offline", lastSeenAt: expect.any(String) });
    const whileInvisible = await read();
    await e.call("updateStatus", { presence: "invisible", text: "Still here" });
    expect(await read()).toBe(whileInvisible);
  }
  expect(a.heard("UserStatusChanged").filter(({ userId }) => userId === eve.user.id)).toHaveLength(2);
}, 60_000);

test("[PR5] [PR6] typing and presence of members reach who views the conversation, and nobody else", async () => {
  const [dan, eve] = await Promise.all([newAccount(api, "dan"), newAccount(api, "eve")]);
  const { id: conversationId } = await newChannel(alice, bob, dan);
  await using a = await connect(alice);
  await using b = await connect(bob);
  await using e = await connect(eve);
  await using d = await connect(dan);
  expect(await a.call("joinConversation", { conversationId })).toEqual({ seq: 0, pts: 0 });
  expect(await d.call("joinConversation", { conversationId })).toEqual({ seq: 0, pts: 0 });
  await a.hears("UserStatusChanged", ({ userId }) => userId === dan.user.id);
  for (const call of ["joinConversation", "startTyping", "stopTyping"] as const)
    expect(await failure(e.call(call, { conversationId }))).toMatch(/^NOT_FOUND: /);

  await d.call("startTyping", { conversationId });
  await d.call("startTyping", { conversationId });
  const typing = { conversationId, userId: dan.user.id };
  expect(await a.hears("UserStartedTyping")).toEqual(typing);
  await d.call("stopTyping", { conversationId });
  expect(await a.hears("UserStoppedTyping")).toEqual(typing);
  expect(a.heard("UserStartedTyping")).toHaveLength(1);
  for (const other of [b, d, e]) expect(other.heard("UserStartedTyping")).toEqual([]);
  expect(b.heard("UserStatusChanged")).toEqual([]);

  await a.call("leaveConversation", { conversationId });
  await b.call("joinConversation", { conversationId });
  await a.call("startTyping", { conversationId });
  await b.hears("UserStartedTyping", ({ userId }) => userId === alice.user.id);
  await b.hears("UserStoppedTyping", ({ userId }) => userId === alice.user.id); // by itself
  expect(a.heard("UserStartedTyping")).toHaveLength(1);

  await api.call("removeMember", { conversationId, userId: bob.user.id }, alice.token);
  await b.hears("RemovedFromConversation");
  await d.call("startTyping", { conversationId });
  await d.call("leaveConversation", { conversationId });
  expect(await failure(b.call("joinConversation", { conversationId }))).toMatch(/^NOT_FOUND: /);
  expect(b.heard("UserStartedTyping").filter(({ userId }) => userId === dan.user.id)).toEqual([]);
}, 60_000);

test("[PR6] a connection views at most 20 conversations and watches at most 1,000 people", async () => {
  await using a = await connect(alice);
  const groups = await Promise.all(Array.from({ length: 21 }, () => newGroup(alice)));
  const [last, ...others] = groups.map(({ id }) => id);
  for (const conversationId of others) await a.call("joinConversation", { conversationId });
  const conversationId = last ?? "";
  expect(await failure(a.call("joinConversation", { conversationId }))).toMatch(/^QUOTA_EXCEEDED: /);
  await a.call("joinConversation", { conversationId: others[0] ?? "" });
  await a.call("leaveConversation", { conversationId: others[0] ?? "" });
  await a.call("joinConversation", { conversationId });
  const people = () => Array.from({ length: 200 }, () => crypto.randomUUID() as string);
  for (let calls = 0; calls < 5; calls++) await a.call("watchPresence", { userIds: people() });
  expect(await failure(a.call("watchPresence", { userIds: people() }))).toMatch(/^QUOTA_EXCEEDED: /);
  expect(await failure(a.call("watchPresence", { userIds: [...people(), unknown] }))).toMatch(/^VALIDATION_FAILED: /);
});

test("[PR2] a status in the past, or one that is none, is refused and changes nothing", async () => {
  const refused = async (input: object) => (await api.refused("updateStatus", input, bob.token)).code;
  for (const wrong of [
    {},
    { presence: "offline" },
    { presence: "busy", expiresAt: "2001-01-01T00:00:00Z" },
    { presence: "busy", expiresAt: "tomorrow" },
    { presence: "busy", text: "x".repeat(101) },
    { presence: "busy", userId: alice.user.id },
  ])
    expect(await refused(wrong)).toBe("VALIDATION_FAILED");
});

test("[PR8] the notifications hub tells that there is a message and of whom it speaks, never what it says", async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  await using a = await connect(alice, "notifications");
  await using b = await connect(bob, "notifications");
  await using chat = await connect(alice);
  const { seq } = await chat.send(draft(conversationId, "Secret"));
  expect(await b.hears("HasNewMessage", (alert) => alert.conversationId === conversationId)).toEqual({
    conversationId,
    seq,
    mention: false,
  });
  const called = await chat.send({ ...draft(conversationId, "Bob!"), mentions: [bob.user.id] });
  expect(await b.hears("HasNewMessage", (alert) => alert.seq === called.seq)).toMatchObject({ mention: true });
  expect(a.pushes).toEqual([]);
  const { id: later } = await newGroup(alice, bob);
  await eventually(
    async () => {
      await chat.send(draft(later, "Again"));
      return b.heard("HasNewMessage").some((alert) => alert.conversationId === later);
    },
    () => "No alert of a conversation that came later",
  );
  await failure(b.connection.invoke("SendMessage", draft(conversationId, "x")));
});

test("the notifications hub tells of requests and invitations to the person whom they are for, and to nobody else", async () => {
  const eve = await newAccount(api, "eve");
  await using e = await connect(eve, "notifications");
  await using others = await connect(alice, "notifications");
  await api.call("requestFriend", { userId: eve.user.id }, alice.token);
  const request = await e.hears("FriendRequestReceived");
  expect(request.friend).toMatchObject({ user: { id: alice.user.id }, status: "incoming" });
  const { id: conversationId } = await newGroup(alice, bob);
  await api.call("inviteMembers", { conversationId, userIds: [eve.user.id] }, alice.token);
  const { invitation } = await e.hears("InvitationReceived");
  expect(invitation).toMatchObject({ conversationId, userId: eve.user.id, invitedBy: alice.user.id });
  const [waiting] = (await api.call("listInvitations", {}, eve.token)).items;
  expect(invitation).toEqual(Object(waiting));
  expect([...others.heard("FriendRequestReceived"), ...others.heard("InvitationReceived")]).toEqual([]);
});

test("history streams ascending, before a seq or from the newest, to members alone", async () => {
  const { id: conversationId } = await newChannel(alice);
  await using a = await connect(alice);
  await using b = await connect(bob);
  for (let n = 1; n <= 5; n++) await a.send(draft(conversationId, `${n}`));
  const seqs = async (beforeSeq: number | null, limit: number) =>
    (await a.stream("history", { conversationId, beforeSeq, limit })).map(({ seq }) => seq);
  expect(await seqs(null, 3)).toEqual([3, 4, 5]);
  expect(await seqs(3, 200)).toEqual([1, 2]);
  expect(await failure(b.stream("history", { conversationId, beforeSeq: null, limit: 3 }))).toMatch(/^NOT_FOUND: /);
  expect(await failure(seqs(null, 201))).toMatch(/^VALIDATION_FAILED: /);
});

test("when a session ends its connections to every hub close within a second", async () => {
  const dan = await newAccount(api, "dan");
  const hubs = await Promise.all((["chat", "presence", "notifications"] as const).map((hub) => connect(dan, hub)));
  const endedAt = Date.now();
  await api.call("logout", {}, dan.token);
  for (const hub of hubs) {
    await hub.ends();
    expect(hub.heard("SessionRevoked")).toHaveLength(1);
  }
  expect(Date.now() - endedAt).toBeLessThan(1_000);
});

test("a ticket opens the hub that it names, and no other", async () => {
  for (const hub of ["presence", "notifications"] as const) {
    const { ticket } = await api.call("createHubTicket", { hub }, alice.token);
    await failure(HubClient.open(url, ticket, false, "chat"));
    const { ticket: another } = await api.call("createHubTicket", { hub }, alice.token);
    await using opened = await HubClient.open(url, another, false, hub);
    expect(opened.closed).toBeUndefined();
  }
});
