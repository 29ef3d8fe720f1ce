import { expect, test } from "bun:test";
import { type Media, newConversationId, newMediaId, type OperationOutput } from "@hubbub/contract";
import type { Account } from "../src/account.ts";
import { problemOf } from "../src/api.ts";
import { eventually } from "../src/eventually.ts";
import { applyChange, freshState } from "../src/state.ts";
import { alice, api, bob, carol, connect, dave, draft, newGroup } from "../src/target.ts";

/** One pixel. */
const gif = Uint8Array.from(atob("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"), (char) =>
  char.charCodeAt(0),
);
type For = { readonly conversationId: string } | { readonly purpose: "avatar" };

const announce = (owner: Account, what: For, contentType = "image/gif", size = gif.length) =>
  api.call("createMedia", { fileName: "a file of mine", contentType, size, ...what }, owner.token);

async function put({ upload }: OperationOutput<"createMedia">, bytes: Uint8Array): Promise<void> {
  const { method, url, headers } = upload;
  expect((await fetch(url, { method, headers, body: bytes.slice() })).status).toBe(200);
}

const read = async (who: Account, mediaId: string) => (await api.call("getMedia", { mediaId }, who.token)).media;

/** Uploads something, until it is looked into. */
async function upload(owner: Account, what: For, bytes = gif, contentType = "image/gif"): Promise<Media> {
  const announced = await announce(owner, what, contentType, bytes.length);
  await put(announced, bytes);
  const { id: mediaId } = announced.media;
  await api.call("confirmMedia", { mediaId }, owner.token);
  const active = async () => {
    const media = await read(owner, mediaId);
    return media.state === "active" ? media : undefined;
  };
  return eventually(active, () => "The upload did not become active");
}

const download = async (who: Account, mediaId: string): Promise<Response> =>
  fetch((await api.call("getMediaUrl", { mediaId }, who.token)).url);

const send = async (who: Account, conversationId: string, { id }: Media) =>
  (await api.call("sendMessage", { ...draft(conversationId, "Look"), mediaIds: [id] }, who.token)).message;

/** For this person each route answers as it does for a medium that never was, byte for byte. */
async function expectUnseen(who: Account, { id }: Media): Promise<void> {
  for (const name of ["getMedia", "getMediaUrl", "confirmMedia", "deleteMedia"] as const) {
    const [real, none] = await Promise.all(
      [id, newMediaId(newConversationId())].map((mediaId) => api.send(name, { mediaId }, { token: who.token })),
    );
    if (real === undefined || none === undefined) throw new Error("no answer");
    expect(problemOf(real)).toMatchObject({ status: 404, code: "NOT_FOUND" });
    const traceless = (answer: typeof real) => answer.text.replaceAll(problemOf(answer).traceId, "…");
    expect({ name, text: traceless(real) }).toEqual({ name, text: traceless(none) });
  }
}

test("a file is put into the store by its address, confirmed, looked into, and comes back as it was [M1] [M2]", async () => {
  await using hub = await connect(alice);
  const { id: conversationId } = await newGroup(alice, bob);
  const announced = await announce(alice, { conversationId });
  const { id: mediaId } = announced.media;
  expect(announced.media.state).toBe("initiated");
  expect(Date.parse(announced.upload.expiresAt) - Date.now()).toBeLessThanOrEqual(60 * 60_000);
  await put(announced, gif);
  const { media } = await api.call("confirmMedia", { mediaId }, alice.token);
  expect(["uploaded", "active"]).toContain(media.state);
  await hub.hears("MediaStateChanged", (told) => told.mediaId === mediaId && told.state === "active");
  expect(await read(alice, mediaId)).toMatchObject({ state: "active", width: 1, height: 1, conversationId });
  await send(alice, conversationId, media);
  for (const who of [alice, bob]) {
    const answer = await download(who, mediaId);
    expect(answer.headers.get("content-type")).toBe("image/gif");
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(gif);
  }
  expect(await read(bob, mediaId)).toMatchObject({ state: "attached" });
});

test("what could run on a page is given as an attachment, never sniffed [M8]", async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  for (const [contentType, text] of [
    ["text/html", "<!doctype html><script>alert(1)</script>"],
    ["image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ] as const) {
    const media = await upload(alice, { conversationId }, new TextEncoder().encode(text), contentType);
    const answer = await download(alice, media.id);
    expect(answer.headers.get("content-disposition")).toStartWith("attachment");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await answer.text()).toBe(text);
  }
});

test("bytes that are not of the type that was announced fail the upload [M1]", async () => {
  const bytes = new TextEncoder().encode("<script>alert(1)</script>");
  const announced = await announce(alice, { purpose: "avatar" }, "image/png", bytes.length);
  await put(announced, bytes);
  const { id: mediaId } = announced.media;
  const answer = await api.send("confirmMedia", { mediaId }, { token: alice.token });
  expect(problemOf(answer)).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
  expect((await read(alice, mediaId)).state).toBe("failed");
});

test("what is too large, or of a type that is not taken, is refused before anything is uploaded [M9]", async () => {
  const sample = { fileName: "x", contentType: "image/png", size: 5, purpose: "avatar" };
  for (const [input, status, code] of [
    [{ ...sample, size: 1024 ** 3 }, 413, "TOO_LARGE"],
    [{ ...sample, contentType: "image/svg+xml" }, 415, "UNSUPPORTED_TYPE"],
    [{ ...sample, conversationId: newConversationId() }, 400, "VALIDATION_FAILED"],
  ] as const) {
    const answer = await api.request("POST", "/api/v1/media", { token: alice.token, json: input });
    expect(problemOf(answer)).toMatchObject({ status, code });
  }
});

test("a file of a message is for who sees the message, and for nobody else [M4] [L10] [L13]", async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  const media = await upload(alice, { conversationId });
  for (const who of [bob, dave]) await expectUnseen(who, media);
  const { id: messageId } = await send(alice, conversationId, media);
  await api.call("addMembers", { conversationId, userIds: [carol.user.id] }, alice.token);
  expect((await read(bob, media.id)).state).toBe("attached");
  // a newcomer from whom the history is hidden, and a stranger
  for (const who of [carol, dave]) await expectUnseen(who, media);
  await api.call("removeMember", { conversationId, userId: bob.user.id }, alice.token);
  await expectUnseen(bob, media);
  await api.call("deleteMessage", { messageId }, alice.token);
  const answer = await api.send("getMediaUrl", { mediaId: media.id }, { token: alice.token });
  expect(problemOf(answer).code).toBe("CONFLICT");
});

test("pictures of people and conversations are shown with them, and a change of one is in the log [M4] [L18]", async () => {
  await using hub = await connect(bob);
  const { id: conversationId } = await newGroup(alice, bob);
  const face = await upload(alice, { purpose: "avatar" });
  await expectUnseen(dave, face);
  const { user } = await api.call("updateOwnUser", { avatarMediaId: face.id }, alice.token);
  expect(user.avatarMediaId).toBe(face.id);
  await hub.hears("UserUpdated", (told) => told.id === alice.user.id && told.avatarMediaId === face.id);
  expect((await api.call("getUser", { userId: alice.user.id }, dave.token)).user.avatarMediaId).toBe(face.id);
  expect(new Uint8Array(await (await download(dave, face.id)).arrayBuffer())).toEqual(gif);

  const sign = await upload(alice, { purpose: "avatar" });
  for (const avatarMediaId of [sign.id, null]) {
    const before = await freshState(api, bob, conversationId);
    await api.call("updateConversation", { conversationId, avatarMediaId }, alice.token);
    const told = await api.call("listChanges", { conversationId, afterPts: before.pts }, bob.token);
    expect(told.items.map(({ event }) => event)).toEqual(["ConversationUpdated", "ReceiveMessage"]);
    expect(told.items.reduce(applyChange, before)).toEqual(await freshState(api, bob, conversationId));
    if (avatarMediaId !== null) expect((await download(bob, sign.id)).status).toBe(200);
  }
  await expectUnseen(bob, sign);
  await api.call("updateOwnUser", { avatarMediaId: null }, alice.token);
  await expectUnseen(dave, face);
});
