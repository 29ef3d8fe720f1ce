import { describe, expect, test } from "bun:test";
import type { OperationRequest } from "@hubbub/contract";
import { newAccount } from "../src/account.ts";
import { problemOf } from "../src/api.ts";
import { eventually } from "../src/eventually.ts";
import { alice, api, bob, carol, connect, draft, newGroup } from "../src/target.ts";

type Changes = Omit<OperationRequest<"updateConversationSettings">, "conversationId">;

const choose = async (conversationId: string, changes: Changes, who = bob) =>
  (await api.call("updateConversationSettings", { conversationId, ...changes }, who.token)).settings;

const settingsOf = async (conversationId: string, who = bob) =>
  (await api.call("getConversation", { conversationId }, who.token)).conversation.me.settings;

const defaults = { pinned: false, archived: false };
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe("a member's settings of a conversation", () => {
  test("[P10] change as they are sent, are told to one's own devices alone, and sync tells the latest once [L16]", async () => {
    await using hub = await connect(bob);
    await using others = await connect(alice);
    const { id } = await newGroup(alice, bob);
    await hub.hears("NewConversationCreated", ({ conversation }) => conversation.id === id);
    const { epoch, userPts } = await hub.sync({});
    expect(await settingsOf(id)).toEqual(defaults);
    const mutedUntil = inAnHour();
    const first = { mutedUntil, notify: "mentions" as const, pinned: true, archived: true, draft: "Unsent " };
    expect(await choose(id, first)).toEqual(first);
    const left = { ...defaults, pinned: true, draft: "Unsent " };
    expect(await choose(id, { mutedUntil: null, notify: null, archived: false })).toEqual(left);
    expect(await settingsOf(id)).toEqual(left);
    expect(await settingsOf(id, alice)).toEqual(defaults);
    const listed = await api.call("listConversations", {}, bob.token);
    expect(listed.items.find((conversation) => conversation.id === id)?.me.settings).toEqual(left);

    const told = { settings: expect.any(Object), conversation: { id, settings: left }, userPts: userPts + 2 };
    expect(await hub.hears("SettingsUpdated", (payload) => payload.userPts === userPts + 2)).toEqual(told);
    const { user } = await hub.sync({ epoch, userPts });
    expect(user).toEqual([
      { event: "Hidden", userPts: userPts + 1 },
      { event: "SettingsUpdated", userPts: userPts + 2, createdAt: expect.any(String), payload: told },
    ]);
    await others.sync({});
    expect(others.heard("SettingsUpdated")).toEqual([]);
  });

  test("[P10] are for members alone, and wrong ones change nothing", async () => {
    const { id } = await newGroup(alice, bob);
    const refused = async (conversationId: string, body: object, who = bob) => {
      const path = `/api/v1/conversations/${conversationId}/settings`;
      return problemOf(await api.request("PUT", path, { token: who.token, json: body })).code;
    };
    expect(await refused(id, { pinned: true }, carol)).toBe("NOT_FOUND");
    expect(await refused(crypto.randomUUID(), { pinned: true })).toBe("NOT_FOUND");
    for (const wrong of [
      {},
      { pinned: null },
      { notify: "some" },
      { mutedUntil: "tomorrow" },
      { mutedUntil: "0000-01-01T00:00:00Z" },
      { pinned: true, draft: "\u0000" },
      { pinned: true, draft: "x".repeat(16 * 1024 + 1) },
      { pinned: true, userId: alice.user.id },
    ])
      expect(await refused(id, wrong)).toBe("VALIDATION_FAILED");
    expect(await settingsOf(id)).toEqual(defaults);
  });

  test("[P10] end with the membership: who comes back begins anew", async () => {
    const { id } = await newGroup(alice, bob);
    await choose(id, { archived: true, draft: "Unsent" });
    await api.call("removeMember", { conversationId: id, userId: bob.user.id }, alice.token);
    await api.call("addMembers", { conversationId: id, userIds: [bob.user.id] }, alice.token);
    expect(await settingsOf(id)).toEqual(defaults);
  });
});

describe("alerts", () => {
  const kinds = ["plain", "everyone", "called"] as const;
  type Level = "all" | "mentions" | "nothing";

  /** Chooses where every message alerted, then sends one of each kind until those alert that should. */
  async function alertOf(expected: readonly string[], choice: () => Changes, own?: Level): Promise<void> {
    const dan = await newAccount(api, "dan");
    await using hub = await connect(dan, "notifications");
    await using fence = await connect(bob, "notifications");
    await using writer = await connect(alice);
    const { id } = await newGroup(alice, bob, dan);
    const mentions = { plain: [], everyone: ["everyone" as const], called: [dan.user.id], end: [bob.user.id] };
    const send = (text: keyof typeof mentions) => writer.send({ ...draft(id, text), mentions: mentions[text] });
    const alerted = async () => {
      const sent = new Map<number, string>();
      for (const kind of kinds) sent.set((await send(kind)).seq, kind);
      const { seq: end } = await send("end");
      await fence.hears("HasNewMessage", ({ conversationId, seq }) => conversationId === id && seq === end);
      return hub.heard("HasNewMessage").flatMap(({ seq }) => sent.get(seq) ?? []);
    };
    const becomes = (wanted: readonly string[]) =>
      eventually(
        async () => (await alerted()).join() === wanted.join(),
        () => `Not ${wanted.join()} for ${JSON.stringify([choice(), own])}`,
      );
    await becomes(kinds);
    if (own !== undefined) await api.call("updateOwnSettings", { notifications: { notify: own } }, dan.token);
    await choose(id, choice(), dan);
    await becomes(expected);
  }

  test("[P10] come as the conversation's level says, else one's own; muted and archived ones alert of one's name alone", async () => {
    const muted = () => ({ mutedUntil: inAnHour() });
    await Promise.all([
      alertOf(["everyone", "called"], () => ({ notify: "mentions" })),
      alertOf([], () => ({ notify: "nothing" })),
      alertOf(["called"], muted),
      alertOf(["called"], () => ({ archived: true })),
      alertOf([], () => ({ ...muted(), notify: "nothing" })),
      alertOf(["everyone", "called"], () => ({ pinned: true }), "mentions"),
      alertOf(kinds, () => ({ notify: "all" }), "nothing"),
    ]);
  });

  test("[P10] come again when muting ends", async () => {
    const dan = await newAccount(api, "dan");
    await using hub = await connect(dan, "notifications");
    await using writer = await connect(alice);
    const { id } = await newGroup(alice, dan);
    const alerts = async () => {
      const { seq } = await writer.send(draft(id, "x"));
      const { seq: called } = await writer.send({ ...draft(id, "x"), mentions: [dan.user.id] });
      await hub.hears("HasNewMessage", (alert) => alert.seq === called);
      return hub.heard("HasNewMessage").some((alert) => alert.seq === seq);
    };
    await choose(id, { mutedUntil: new Date(Date.now() + 1_500).toISOString() }, dan);
    await eventually(
      async () => !(await alerts()),
      () => "Muting was not heeded",
    );
    await eventually(alerts, () => "Muting did not end");
  });
});
