import { beforeAll, describe, expect, test } from "bun:test";
import { newUserId, type OperationName, type OperationRequest } from "@hubbub/contract";
import { type Account, newAccount, unique } from "../src/account.ts";
import { problemOf } from "../src/api.ts";
import { failure } from "../src/failure.ts";

import { api, connect } from "../src/target.ts";

let ann: Account;
let ben: Account;
let eve: Account;

beforeAll(async () => {
  [ann, ben, eve] = await Promise.all([newAccount(api, "ann"), newAccount(api, "ben"), newAccount(api, "eve")]);
});

const code = async <Name extends OperationName>(who: Account, name: Name, input: OperationRequest<Name> & object) => {
  const answer = await api.send(name, input, { token: who.token });
  return answer.status < 400 ? answer.status : problemOf(answer).code;
};

const friendsOf = async (who: Account, status?: "accepted" | "incoming" | "outgoing") =>
  (await api.call("listFriends", status === undefined ? {} : { status }, who.token)).items.map(
    (friend) => [friend.user.username, friend.status] as const,
  );

describe("friends", () => {
  test("[P2] a request goes from outgoing and incoming to accepted, each step told to both, and ends by either", async () => {
    await using annHub = await connect(ann);
    await using benHub = await connect(ben);
    expect(await code(ann, "requestFriend", { username: ben.user.username.toUpperCase() })).toBe(201);
    const { friend } = await benHub.hears("FriendRequestReceived");
    expect(friend).toMatchObject({ userId: ann.user.id, status: "incoming" });
    await annHub.hears("FriendRequestUpdated", ({ status }) => status === "outgoing");
    expect(await friendsOf(ann, "outgoing")).toEqual([[ben.user.username, "outgoing"]]);
    expect(await friendsOf(ben, "incoming")).toEqual([[ann.user.username, "incoming"]]);
    expect(await friendsOf(ben, "accepted")).toEqual([]);
    expect(await code(ann, "requestFriend", { userId: ben.user.id })).toBe("ALREADY_REQUESTED");
    expect(await code(ann, "answerFriendRequest", { userId: ben.user.id, status: "accepted" })).toBe("NOT_FOUND");
    expect(await code(ben, "answerFriendRequest", { userId: ann.user.id, status: "accepted" })).toBe(200);
    await annHub.hears("FriendRequestUpdated", ({ status }) => status === "accepted");
    await benHub.hears("FriendRequestUpdated", ({ status }) => status === "accepted");
    expect(await code(ben, "requestFriend", { userId: ann.user.id })).toBe("ALREADY_FRIENDS");
    expect(await friendsOf(ann)).toEqual([[ben.user.username, "accepted"]]);
    expect(await code(ben, "removeFriend", { userId: ann.user.id })).toBe(204);
    await annHub.hears("FriendRequestUpdated", ({ status }) => status === "removed");
    expect(await friendsOf(ann)).toEqual([]);
    expect(await code(ann, "removeFriend", { userId: ben.user.id })).toBe("NOT_FOUND");
  });

  test("[P2] oneself, nobody, several names at once and a declined request asked again are refused", async () => {
    expect(await code(ann, "requestFriend", { userId: ann.user.id })).toBe("CANNOT_BEFRIEND_SELF");
    expect(await code(ann, "requestFriend", { username: ann.user.username })).toBe("CANNOT_BEFRIEND_SELF");
    expect(await code(ann, "requestFriend", { userId: newUserId() })).toBe("NOT_FOUND");
    expect(await code(ann, "requestFriend", { username: unique() })).toBe("NOT_FOUND");
    expect(await code(ann, "requestFriend", { userId: ben.user.id, username: "x" })).toBe("VALIDATION_FAILED");
    expect(await code(ann, "requestFriend", {})).toBe("VALIDATION_FAILED");
    const answer = await api.request("GET", "/api/v1/friends?status=pending", { token: ann.token });
    expect(answer.status).toBe(400);
    expect(await code(ann, "requestFriend", { userId: eve.user.id })).toBe(201);
    expect(await code(eve, "answerFriendRequest", { userId: ann.user.id, status: "declined" })).toBe(200);
    expect(await friendsOf(ann)).toEqual([]);
    expect(await code(ann, "requestFriend", { userId: eve.user.id })).toBe("ALREADY_REQUESTED");
  });

  test("[P2] lists go by the time of the request, page by page; an item tells the user, the request's time and the friendship's", async () => {
    const asked = await newAccount(api, "asked");
    const askers = [await newAccount(api, "one"), await newAccount(api, "two"), await newAccount(api, "three")];
    const before = Date.now();
    for (const { token } of askers) await api.call("requestFriend", { userId: asked.user.id }, token);
    const answer = { userId: askers[0]?.user.id ?? "", status: "accepted" } as const;
    const { friend } = await api.call("answerFriendRequest", answer, asked.token);
    const times = [friend?.requestedAt, friend?.acceptedAt].map((time) => Date.parse(time ?? ""));
    expect(times).toEqual(times.toSorted());
    expect(times[0]).toBeGreaterThan(before - 60_000); // its clock may differ
    const newestFirst = askers.map(({ user }) => user.id).reverse();
    const page = async (input: OperationRequest<"listFriends">) => api.call("listFriends", input, asked.token);
    expect((await page({})).items.map(({ userId }) => userId)).toEqual(newestFirst);
    expect((await page({ status: "incoming" })).items.map(({ user }) => user.id)).toEqual(newestFirst.slice(0, 2));
    const first = await page({ limit: 2 });
    const second = await page({ limit: 2, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map(({ userId }) => userId)).toEqual(newestFirst);
    expect(second).toMatchObject({ items: [{ ...friend }], nextCursor: null });
    for (const bad of [
      { userId: asked.user.id },
      { userId: asked.user.id, status: "pending" },
      { userId: "7", status: "accepted" },
    ])
      expect((await api.send("answerFriendRequest", bad, { token: ann.token })).status).toBe(400);
  });

  test("[P6] by e-mail address the answer, and all that is shown before it is accepted, is the same for anyone's and no one's", async () => {
    const asker = await newAccount(api, "asker");
    const asked = await newAccount(api, "asked");
    await using hub = await connect(asked);
    const known = await api.send("requestFriend", { email: asked.email.toUpperCase() }, { token: asker.token });
    const unknown = await api.send("requestFriend", { email: `${unique()}@example.org` }, { token: asker.token });
    expect([known.status, known.text]).toEqual([202, "{}"]);
    expect([unknown.status, unknown.text]).toEqual([202, "{}"]);
    await hub.hears("FriendRequestReceived");
    expect(await friendsOf(asker)).toEqual([]);
    const { userPts } = await api.call("sync", {}, asker.token);
    expect(userPts).toBe(0);
    expect(await code(asker, "removeFriend", { userId: asked.user.id })).toBe("NOT_FOUND");
    expect(await code(asked, "answerFriendRequest", { userId: asker.user.id, status: "accepted" })).toBe(200);
    expect(await friendsOf(asker)).toEqual([[asked.user.username, "accepted"]]);
  });
});

test("[P3] [P9] [L14] in the moment of unfriending, by hub and REST: what begins after its answer is refused, and told to nobody", async () => {
  const [one, other] = [await newAccount(api, "one"), await newAccount(api, "other")];
  const { id: conversationId } = (
    await api.call("createConversation", { type: "direct", memberIds: [other.user.id] }, one.token)
  ).conversation;
  for (const { token } of [one, other])
    await api.call("updateOwnSettings", { privacy: { writeToMe: "friends" } }, token);
  await using oneHub = await connect(one);
  await using otherHub = await connect(other);
  await oneHub.call("joinConversation", { conversationId });
  const says = (text: string) => ({ conversationId, clientMessageId: crypto.randomUUID(), text });
  for (let round = 0; round < 12; round++) {
    await api.call("requestFriend", { userId: other.user.id }, one.token);
    await api.call("answerFriendRequest", { userId: one.user.id, status: "accepted" }, other.token);
    const { message: theirs } = await api.call("sendMessage", says("Mine"), one.token);
    const { message: own } = await api.call("sendMessage", says("Before"), other.token);
    const late: string[] = [];
    const accepted: string[] = [];
    let isParted = false;
    const parting = api.call("removeFriend", { userId: other.user.id }, one.token).then(() => {
      isParted = true;
    });
    const rest = <Name extends OperationName>(name: Name, input: OperationRequest<Name> & object) =>
      code(other, name, input).then((outcome) => (typeof outcome === "string" ? outcome : "done"));
    const hub = async (call: Promise<unknown>) =>
      (await failure(call.then(() => Promise.reject(new Error("done"))))).replace(/^.*?([A-Z_]{5,}): .*$/s, "$1");
    const acts: Record<string, () => Promise<string>> = {
      "send by REST": () => rest("sendMessage", says("send by REST")),
      "send by hub": () => hub(otherHub.send(says("send by hub"))),
      "edit by REST": () => rest("editMessage", { messageId: own.id, text: "edit by REST" }),
      "edit by hub": () => hub(otherHub.call("editMessage", { messageId: own.id, text: "edit by hub" })),
      "react by REST": () => rest("react", { messageId: theirs.id, emoji: "👍" }),
      "react by hub": () => hub(otherHub.call("react", { messageId: theirs.id, emoji: "🎉" })),
      "type by hub": () => hub(otherHub.call("startTyping", { conversationId })),
    };
    const calls = Object.entries(acts).map(async ([name, act], index) => {
      await Bun.sleep((index * 5 + round) % 9);
      const isLate = isParted;
      const outcome = await act();
      if (isLate && name !== "type by hub") late.push(`${name}: ${outcome}`);
      if (outcome === "done") accepted.push(name);
      else expect(outcome).toBe("RECIPIENT_UNAVAILABLE");
    });
    await Promise.all([parting, ...calls]);
    // one of each more, all of them late; who was told to type a moment ago is not judged again, and not told either
    const typed = async () => {
      await oneHub.call("watchPresence", { userIds: [] }); // all that was told before has come
      return oneHub.heard("UserStartedTyping").length;
    };
    const before = await typed();
    for (const [name, act] of Object.entries(acts)) {
      const outcome = await act();
      if (name !== "type by hub") late.push(`${name}: ${outcome}`);
    }
    expect(await typed()).toBe(before);
    expect(late.filter((each) => !each.endsWith(": RECIPIENT_UNAVAILABLE"))).toEqual([]);
    const { items } = await api.call("listMessages", { conversationId }, one.token);
    const after = items.filter(({ seq }) => seq > own.seq).map(({ text }) => text ?? "");
    expect(after.toSorted()).toEqual(accepted.filter((name) => name.startsWith("send")).toSorted());
    const stored = new Map(items.map((message) => [message.id, message]));
    const edits = accepted.filter((name) => name.startsWith("edit"));
    expect(edits.length === 0 ? ["Before"] : edits).toContain(stored.get(own.id)?.text ?? "");
    const reactions = stored.get(theirs.id)?.reactions?.map(({ emoji }) => emoji) ?? [];
    expect(reactions).toHaveLength(accepted.filter((name) => name.startsWith("react")).length);
  }
}, 60_000);

test("[P9] in the moment of unfriending a mark that begins after its answer counts for whoever reads, and is told and shown to nobody", async () => {
  const [one, other] = [await newAccount(api, "one"), await newAccount(api, "other")];
  const direct: OperationRequest<"createConversation"> = { type: "direct", memberIds: [other.user.id] };
  const { id: conversationId } = (await api.call("createConversation", direct, one.token)).conversation;
  for (const { token } of [one, other])
    await api.call("updateOwnSettings", { privacy: { writeToMe: "friends" } }, token);
  await using oneHub = await connect(one);
  await using otherHub = await connect(other);
  for (let round = 0; round < 12; round++) {
    await api.call("requestFriend", { userId: other.user.id }, one.token);
    await api.call("answerFriendRequest", { userId: one.user.id, status: "accepted" }, other.token);
    const text = { conversationId, clientMessageId: crypto.randomUUID(), text: "Read me" };
    const { seq } = (await api.call("sendMessage", text, one.token)).message;
    let isParted = false;
    const parting = api.call("removeFriend", { userId: one.user.id }, other.token).then(() => {
      isParted = true;
    });
    await Bun.sleep(round);
    const isLate = isParted || round % 2 === 0;
    if (isLate) await parting;
    await (round % 3 === 0
      ? otherHub.call("markMessageAsRead", { conversationId, seq })
      : api.call("markMessageAsRead", { conversationId, seq }, other.token));
    await parting;
    await otherHub.hears("ReadMarkUpdated", (mark) => mark.readSeq === seq);
    if (!isLate) continue;
    await oneHub.call("watchPresence", { userIds: [] }); // all that was told before has come
    const isIt = (mark: { readonly userId: string; readonly readSeq?: number | undefined }) =>
      mark.userId === other.user.id && mark.readSeq === seq;
    expect(oneHub.heard("MessageStatusUpdated").filter(isIt)).toEqual([]);
    const { items } = await api.call("listReceipts", { conversationId }, one.token);
    expect(items.filter(isIt)).toEqual([]);
  }
}, 60_000);

describe("blocks", () => {
  test("[L14] [P3] [P4] by REST and hub, neither writes, edits or reacts any more; what was written stays readable and deletable", async () => {
    const { conversation } = await api.call(
      "createConversation",
      { type: "direct", memberIds: [ben.user.id] },
      ann.token,
    );
    const conversationId = conversation.id;
    const message = () => ({ conversationId, clientMessageId: crypto.randomUUID(), text: "Hi" });
    const { message: before } = await api.call("sendMessage", message(), ann.token);
    expect(await code(ann, "blockUser", { userId: ben.user.id })).toBe(200);
    for (const who of [ann, ben]) {
      await using hub = await connect(who);
      expect(await code(who, "sendMessage", message())).toBe("RECIPIENT_UNAVAILABLE");
      expect(await failure(hub.send(message()))).toContain("RECIPIENT_UNAVAILABLE: ");
      expect(await code(who, "react", { messageId: before.id, emoji: "👍" })).toBe("RECIPIENT_UNAVAILABLE");
      expect(await failure(hub.call("react", { messageId: before.id, emoji: "👍" }))).toContain(
        "RECIPIENT_UNAVAILABLE: ",
      );
      expect((await api.call("listMessages", { conversationId }, who.token)).items).toHaveLength(1);
    }
    expect(await code(ann, "editMessage", { messageId: before.id, text: "No" })).toBe("RECIPIENT_UNAVAILABLE");
    expect(await code(ann, "deleteMessage", { messageId: before.id })).toBe(200);
    expect(await code(ann, "unblockUser", { userId: ben.user.id })).toBe(204);
    expect(await code(ben, "sendMessage", message())).toBe(201);
  });

  test("[P4] [P5] who is blocked learns nothing: requests look sent, and nobody is found; who blocks sees it on all devices", async () => {
    const [one, other] = await Promise.all([newAccount(api, "one"), newAccount(api, "other")]);
    const [stranger] = await Promise.all([newAccount(api, "stranger")]);
    await using oneHub = await connect(one);
    await using otherHub = await connect(other);
    await api.call("blockUser", { userId: other.user.id }, one.token);
    await oneHub.hears("SettingsUpdated", ({ block }) => block?.isBlocked === true);
    expect((await api.call("listBlocks", {}, one.token)).items.map(({ userId }) => userId)).toEqual([other.user.id]);
    expect(otherHub.pushes).toEqual([]);
    expect((await api.call("sync", {}, other.token)).userPts).toBe(0);
    const found = async (who: Account) =>
      (await api.call("listUsers", { query: one.user.username }, who.token)).items.length;
    expect([await found(other), await found(stranger)]).toEqual([0, 1]);
    const friend = (await api.call("requestFriend", { userId: one.user.id }, other.token)).friend;
    expect(friend).toMatchObject({ userId: one.user.id, status: "outgoing" });
    expect(await friendsOf(one)).toEqual([]);
    expect(await code(one, "answerFriendRequest", { userId: other.user.id, status: "accepted" })).toBe("NOT_FOUND");
    // byte for byte as of someone who never asked
    const answerTo = async (asker: Account) => {
      const input = { userId: asker.user.id, status: "accepted" };
      const answer = await api.send("answerFriendRequest", input, { token: one.token });
      return answer.text.replaceAll(problemOf(answer).traceId, "…");
    };
    expect(await answerTo(other)).toBe(await answerTo(stranger));
    expect(oneHub.heard("FriendRequestReceived")).toEqual([]);
    expect(await code(one, "requestFriend", { userId: other.user.id })).toBe("CONFLICT");
    expect(await code(one, "blockUser", { userId: one.user.id })).toBe("VALIDATION_FAILED");
    expect(await code(one, "blockUser", { userId: newUserId() })).toBe("NOT_FOUND");
  });
});

describe("settings", () => {
  test("[P1] [P8] [P7] what is sent changes, the rest stays, every device hears of it, and what is wrong changes nothing", async () => {
    const who = await newAccount(api, "chooser");
    await using hub = await connect(who);
    const before = (await api.call("getOwnSettings", {}, who.token)).settings;
    expect(before.privacy).toEqual({
      writeToMe: "everyone",
      addMe: "everyone",
      seePresence: "everyone",
      seeReceipts: "everyone",
      findMe: "everyone",
    });
    const { settings } = await api.call("updateOwnSettings", { privacy: { findMe: "nobody" } }, who.token);
    expect(settings).toEqual({ ...before, privacy: { ...before.privacy, findMe: "nobody" } });
    await api.call("updateOwnSettings", { notifications: { sound: false } }, who.token);
    const now = { ...settings, notifications: { ...settings.notifications, sound: false } };
    expect((await hub.hears("SettingsUpdated", ({ userPts }) => userPts === 2)).settings).toEqual(now);
    for (const bad of [{ privacy: { findMe: "some" } }, { privacy: { other: "nobody" } }, {}])
      expect((await api.send("updateOwnSettings", Object(bad), { token: who.token })).status).toBe(400);
    expect((await api.call("getOwnSettings", {}, who.token)).settings).toEqual(now);
  });

  test("[P7] who does not want to be found is not found by search, nor asked by name; who wants no messages gets none", async () => {
    const who = await newAccount(api, "hermit");
    const { id, username } = who.user;
    await api.call("updateOwnSettings", { privacy: { findMe: "friends", writeToMe: "friends" } }, who.token);
    const found = async (by: Account) =>
      (await api.call("listUsers", { query: username }, by.token)).items.map((user) => user.username);
    expect(await found(ann)).toEqual([]);
    expect(await found(who)).toEqual([username]);
    expect(await code(ann, "requestFriend", { username })).toBe("NOT_FOUND");
    const begin: OperationRequest<"createConversation"> = { type: "direct", memberIds: [id] };
    expect(await code(ann, "createConversation", begin)).toBe("RECIPIENT_UNAVAILABLE");
    expect(await code(ann, "requestFriend", { userId: id })).toBe(201);
    expect(await code(who, "answerFriendRequest", { userId: ann.user.id, status: "accepted" })).toBe(200);
    expect(await found(ann)).toEqual([username]);
    expect(await code(ann, "createConversation", begin)).toBe(201);
  });
});
