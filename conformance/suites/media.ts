import { expect, test } from "bun:test";
import { type Media, newConversationId } from "@hubbub/contract";
import type { Account } from "../src/account.ts";
import { problemOf } from "../src/api.ts";
import { announce, download, expectMediaUnseen, gif, put, readMedia, upload } from "../src/media.ts";
import { applyChange, freshState } from "../src/state.ts";
import { alice, api, bob, carol, connect, dave, draft, newGroup, url } from "../src/target.ts";

const send = async (who: Account, conversationId: string, { id }: Media) =>
  (await api.call("sendMessage", { ...draft(conversationId, "Look"), mediaIds: [id] }, who.token)).message;

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
  expect(await readMedia(alice, mediaId)).toMatchObject({ state: "active", width: 1, height: 1, conversationId });
  await send(alice, conversationId, media);
  for (const who of [alice, bob]) {
    const answer = await download(who, mediaId);
    expect(answer.headers.get("content-type")).toBe("image/gif");
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(gif);
  }
  expect(await readMedia(bob, mediaId)).toMatchObject({ state: "attached" });
});

test("what could run on a page is given as an attachment, never sniffed [M8]", async () => {
  const { id: conversationId } = await newGroup(alice, bob);
  for (const [contentType, text] of [
    ["text/html", "<!doctype html><script>alert(1)</script>"],
    ["image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ] as const) {
    const bytes = new TextEncoder().encode(text);
    const media = await upload(alice, { conversationId }, { bytes, contentType });
    const answer = await download(alice, media.id);
    expect(answer.headers.get("content-disposition")).toStartWith("attachment");
    // a store of another origin need not say so
    if (new URL(answer.url).origin === new URL(url).origin)
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await answer.text()).toBe(text);
  }
});

test("bytes that are not of the type that was announced fail the upload [M1]", async () => {
  const bytes = new TextEncoder().encode("<script>alert(1)</script>");
  const announced = await announce(alice, { purpose: "avatar" }, { bytes, contentType: "image/png" });
  await put(announced, bytes);
  const { id: mediaId } = announced.media;
  const answer = await api.send("confirmMedia", { mediaId }, { token: alice.token });
  expect(problemOf(answer)).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
  expect((await readMedia(alice, mediaId)).state).toBe("failed");
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
  for (const who of [bob, dave]) await expectMediaUnseen(who, media);
  const { id: messageId } = await send(alice, conversationId, media);
  await api.call("addMembers", { conversationId, userIds: [carol.user.id] }, alice.token);
  expect((await readMedia(bob, media.id)).state).toBe("attached");
  // a newcomer from whom the history is hidden, and a stranger
  for (const who of [carol, dave]) await expectMediaUnseen(who, media);
  await api.call("removeMember", { conversationId, userId: bob.user.id }, alice.token);
  await expectMediaUnseen(bob, media);
  await api.call("deleteMessage", { messageId }, alice.token);
  const answer = await api.send("getMediaUrl", { mediaId: media.id }, { token: alice.token });
  expect(problemOf(answer).code).toBe("CONFLICT");
});

test("pictures of people and conversations are shown with them, and a change of one is in the log [M4] [L18]", async () => {
  await using hub = await connect(bob);
  const { id: conversationId } = await newGroup(alice, bob);
  const face = await upload(alice, { purpose: "avatar" });
  await expectMediaUnseen(dave, face);
  const { user } = await api.call("updateOwnUser", { avatarMediaId: face.id }, alice.token);
  expect(user).toMatchObject({ username: alice.user.username, avatarMediaId: face.id });
  expect(user.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
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
  await expectMediaUnseen(bob, sign);
  await api.call("updateOwnUser", { avatarMediaId: null }, alice.token);
  await expectMediaUnseen(dave, face);
});
