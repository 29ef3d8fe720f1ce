import { afterAll, expect, test } from "bun:test";
import {
  type ConversationId,
  laneOf,
  limits,
  type Media,
  type MediaId,
  type MessageId,
  newClientMessageId,
  newConversationId,
  newMediaId,
  operations,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase } from "../../testing/database.ts";
import { beginnings, jpeg, png } from "../../testing/sample-files.ts";
import { TemporaryBlobs } from "../../testing/temporary-blobs.ts";
import { addPeople, must, TestNode } from "../../testing/test-node.ts";
import { deleteMediaBytes, endStaleUploads, lookIntoUploadedConsumer, removeOrphanBlobs } from "./index.ts";
import { HEAD_BYTES } from "./media-types.ts";

const store = await createTestDatabase();
const blobs = new TemporaryBlobs();
const quotaBytes = 40_000_000;
const node = new TestNode(store.url, { blobs, quotaBytes });
const other = new TestNode(store.url, { blobs, quotaBytes });
afterAll(async () => {
  await node.close();
  await other.close();
  blobs.drop();
  await store.drop();
});
const db = store.database.writer.kysely;
const jobs = { db, blobs, broadcaster: node.broadcaster };
const { signal } = new AbortController();

const picture = png(3, 2);
type For = { readonly conversationId: ConversationId } | { readonly purpose: "avatar" };

async function begin(owner: UserId, what: For, contentType = "image/png", size = picture.length): Promise<Media> {
  const input = { fileName: "a picture.png", contentType, size, ...what };
  return must(await node.call(operations.createMedia, owner, input)).media;
}

const confirm = (owner: UserId, { id: mediaId }: Media) => node.call(operations.confirmMedia, owner, { mediaId });
const read = (viewer: UserId, { id: mediaId }: Media) => node.call(operations.getMedia, viewer, { mediaId });
const urlOf = (viewer: UserId, { id: mediaId }: Media) => node.call(operations.getMediaUrl, viewer, { mediaId });
const remove = (owner: UserId, { id: mediaId }: Media) => node.call(operations.deleteMedia, owner, { mediaId });

async function stateOf({ id }: Media): Promise<string> {
  const found = db.selectFrom("media").select("state").where("lane", "=", laneOf(id)).where("id", "=", id);
  return (await found.executeTakeFirst())?.state ?? "gone";
}

async function becomes(media: Media, state: string): Promise<void> {
  const until = performance.now() + 20_000;
  for (let now = ""; now !== state; now = await stateOf(media)) {
    if (performance.now() > until) throw new Error(`It became ${now}, not ${state}`);
    await Bun.sleep(5);
  }
}

/** Uploads something that is `active` then. */
async function upload(owner: UserId, what: For, bytes = picture, contentType = "image/png"): Promise<Media> {
  const media = await begin(owner, what, contentType, bytes.length);
  await blobs.put(media.id, contentType, bytes);
  must(await confirm(owner, media));
  await becomes(media, "active");
  return must(await read(owner, media)).media;
}

async function group(owner: UserId, memberIds: readonly UserId[], more: object = {}): Promise<ConversationId> {
  const input = { type: "group", title: "A group", memberIds, ...more };
  return must(await node.call(operations.createConversation, owner, input)).conversation.id;
}

async function send(sender: UserId, conversationId: ConversationId, media: readonly Media[]): Promise<MessageId> {
  const mediaIds = media.map(({ id }) => id);
  const input = { conversationId, clientMessageId: newClientMessageId(), mediaIds };
  return must(await node.call(operations.sendMessage, sender, input)).message.id;
}

const toldOf = ({ id }: Media, owner: UserId): string[] =>
  [...node.broadcaster.pushes, ...other.broadcaster.pushes].flatMap(({ to, event, payload }) =>
    event === "MediaStateChanged" && "mediaId" in payload && payload.mediaId === id && "state" in payload
      ? [`${String(payload.state)}${to === owner ? "" : " to another"}`]
      : [],
  );

const passes = (media: Media, hours: number) =>
  sql`update media set created_at = created_at - make_interval(hours => ${hours}),
      changed_at = changed_at - make_interval(hours => ${hours}) where id = ${media.id}`.execute(db);

/** Does not give the beginning of a picture that is to be measured until it is released. */
class HeldBlobs extends TemporaryBlobs {
  readonly #released = Promise.withResolvers<void>();

  release(): void {
    this.#released.resolve();
  }

  override async readStart(key: string, most: number): Promise<Uint8Array> {
    if (most > HEAD_BYTES) await this.#released.promise;
    return super.readStart(key, most);
  }
}

test("[M1] [M2] an upload is initiated, uploaded, active, attached, deleting and deleted, each state by its own step", async () => {
  const [ann] = await addPeople(db, 1);
  if (ann === undefined) throw new Error("no Ann");
  const conversationId = await group(ann, []);
  const input = { fileName: "a picture.png", contentType: "image/png", size: picture.length, conversationId };
  const { media, upload: put } = must(await node.call(operations.createMedia, ann, input));
  expect(media).toMatchObject({ ...input, state: "initiated" });
  expect(put).toMatchObject({ method: "PUT", headers: { "content-type": "image/png" } });
  const hour = Date.parse(put.expiresAt) - Date.now();
  expect(hour).toBeGreaterThan(59 * 60_000);
  expect(hour).toBeLessThanOrEqual(60 * 60_000);

  // too early: nothing is changed, and the upload may still come
  expect(await confirm(ann, media)).toMatchObject({ failure: { code: "VALIDATION_FAILED" } });
  expect(await urlOf(ann, media)).toMatchObject({ failure: { code: "CONFLICT" } });
  expect(await stateOf(media)).toBe("initiated");

  await blobs.put(media.id, "image/png", picture);
  const answers = await Promise.all(
    [node, other].map((each) => each.call(operations.confirmMedia, ann, { mediaId: media.id })),
  );
  for (const answer of answers) expect(["uploaded", "active"]).toContain(must(answer).media.state);
  await becomes(media, "active");
  expect(must(await confirm(ann, media)).media).toMatchObject({ state: "active", width: 3, height: 2 });
  const until = Date.parse(must(await urlOf(ann, media)).expiresAt) - Date.now();
  expect(until).toBeGreaterThan(14 * 60_000);
  expect(until).toBeLessThanOrEqual(15 * 60_000);

  const messageId = await send(ann, conversationId, [media]);
  expect(must(await read(ann, media)).media.state).toBe("attached");
  expect(await remove(ann, media)).toMatchObject({ failure: { code: "CONFLICT" } });
  must(await node.call(operations.deleteMessage, ann, { messageId }));
  expect(must(await read(ann, media)).media.state).toBe("deleting");
  expect(await blobs.sizeOf(media.id)).toBe(picture.length);
  await deleteMediaBytes(jobs, signal);
  expect(must(await read(ann, media)).media.state).toBe("deleted");
  expect(await blobs.sizeOf(media.id)).toBeUndefined();
  expect(await confirm(ann, media)).toMatchObject({ failure: { code: "CONFLICT" } });
  const told = toldOf(media, ann);
  for (const state of ["uploaded", "active", "deleted"]) expect(told.filter((each) => each === state)).toHaveLength(1);
  expect(told.filter((each) => each.includes("another"))).toEqual([]);
  expect([...node.errors, ...other.errors]).toEqual([]);
});

test("[M1] what is not what was announced fails for good, by its bytes or by its size, and nobody gets it", async () => {
  const [ann] = await addPeople(db, 1);
  if (ann === undefined) throw new Error("no Ann");
  const conversationId = await group(ann, []);
  const html = new TextEncoder().encode("<script>alert(1)</script>");
  for (const [contentType, announced, bytes] of [
    ["image/png", html.length, html],
    ["text/plain", beginnings.exe.length, beginnings.exe],
    ["image/png", picture.length + 1, picture],
  ] as const) {
    const media = await begin(ann, { conversationId }, contentType, announced);
    await blobs.put(media.id, contentType, bytes);
    for (let twice = 0; twice < 2; twice++)
      expect(await confirm(ann, media)).toMatchObject({ failure: { code: "VALIDATION_FAILED" } });
    expect(must(await read(ann, media)).media.state).toBe("failed");
    expect(await urlOf(ann, media)).toMatchObject({ failure: { code: "CONFLICT" } });
    expect(toldOf(media, ann)).toEqual(["failed"]);
  }
});

test("[M2] [M9] a bomb of pixels and a picture without a size fail after the answer; one that was turned measures as it is shown", async () => {
  const [ann] = await addPeople(db, 1);
  if (ann === undefined) throw new Error("no Ann");
  const conversationId = await group(ann, []);
  const most = Math.sqrt(limits.pixels);
  for (const [contentType, bytes, state] of [
    ["image/png", png(100_000, 100_000), "failed"],
    ["image/png", png(Math.ceil(most), Math.ceil(most) + 1), "failed"],
    ["image/png", png(Math.floor(most), Math.floor(most)), "active"],
    ["image/png", png(0, 0), "failed"],
    ["image/jpeg", jpeg(30, 20, 6), "active"],
  ] as const) {
    const media = await begin(ann, { conversationId }, contentType, bytes.length);
    await blobs.put(media.id, contentType, bytes);
    must(await confirm(ann, media));
    await becomes(media, state);
  }
  const { rows } = await sql`select width, height from media where content_type = 'image/jpeg'`.execute(db);
  expect(rows).toEqual([{ width: 20, height: 30 }]);
});

test("[M2] what confirming wrote is looked into by whoever is left, once, however often the event comes", async () => {
  const [ann] = await addPeople(db, 1);
  if (ann === undefined) throw new Error("no Ann");
  const held = new HeldBlobs();
  const dying = new TestNode(store.url, { blobs: held });
  const input = { fileName: "x", contentType: "image/png", size: picture.length, purpose: "avatar" };
  const { media } = must(await dying.call(operations.createMedia, ann, input));
  await held.put(media.id, "image/png", picture);
  // its consumer stands still between the commit and what comes of it
  expect(must(await dying.call(operations.confirmMedia, ann, { mediaId: media.id })).media.state).toBe("uploaded");
  const { rows } = await sql<{ payload: unknown }>`select payload from outbox where user_id = ${ann}`.execute(db);
  expect(rows).toEqual([{ payload: { mediaId: media.id } }]);
  const event = {
    ...{ lane: laneOf(ann), id: 1, eventId: "x", traceId: null, conversationId: null, pts: null },
    ...{ event: "MediaUploaded", userId: ann, actorId: ann, payload: { mediaId: media.id } },
  };
  await blobs.put(media.id, "image/png", picture);
  const { consume } = lookIntoUploadedConsumer(jobs);
  await consume(event);
  await consume(event);
  expect(await stateOf(media)).toBe("active");
  expect(toldOf(media, ann)).toEqual(["active"]);
  held.release();
  await dying.close();
  held.drop();
  expect(dying.broadcaster.pushes.map(({ payload }) => payload)).toEqual([{ mediaId: media.id, state: "uploaded" }]);
});

test("[M1] who may not send to a conversation may not upload for it, and learns no more of it than of none", async () => {
  const [ann, ben, eve] = await addPeople(db, 3);
  if (ann === undefined || ben === undefined || eve === undefined) throw new Error("nobody");
  const input = { fileName: "x", contentType: "text/plain", size: 5 };
  const create = (who: UserId, more: object) => node.call(operations.createMedia, who, { ...input, ...more });
  const conversationId = await group(ann, [ben]);
  const absent = await create(eve, { conversationId: newConversationId() });
  expect(absent).toMatchObject({ failure: { code: "NOT_FOUND" } });
  expect(await create(eve, { conversationId })).toEqual(absent);
  expect(await create(eve, { conversationId, size: limits.mediaSize + 1 })).toEqual(absent);
  expect((await create(ben, { conversationId })).ok).toBe(true);

  const channel = { type: "channel", title: "News", visibility: "public", posting: "admins" };
  const news = must(await node.call(operations.createConversation, ann, channel)).conversation.id;
  must(await node.call(operations.joinChannel, ben, { conversationId: news }));
  expect(await create(ben, { conversationId: news })).toMatchObject({ failure: { code: "FORBIDDEN" } });
  expect((await create(ann, { conversationId: news })).ok).toBe(true);

  const direct = { type: "direct", memberIds: [ben] };
  const between = must(await node.call(operations.createConversation, ann, direct)).conversation.id;
  must(await node.call(operations.blockUser, ben, { userId: ann }));
  expect(await create(ann, { conversationId: between })).toMatchObject({ failure: { code: "RECIPIENT_UNAVAILABLE" } });
});

test("[M9] a file that is too large, of a refused type, or neither for a conversation nor a picture is refused", async () => {
  const [ann] = await addPeople(db, 1);
  if (ann === undefined) throw new Error("no Ann");
  const conversationId = await group(ann, []);
  const create = (input: object) =>
    node.call(operations.createMedia, ann, { fileName: "x", contentType: "image/png", size: 5, ...input });
  const cases = [
    [{ conversationId, size: limits.mediaSize + 1 }, "TOO_LARGE"],
    [{ purpose: "avatar", size: limits.avatarSize + 1 }, "TOO_LARGE"],
    [{ conversationId, contentType: "multipart/form-data" }, "UNSUPPORTED_TYPE"],
    [{ purpose: "avatar", contentType: "image/svg+xml" }, "UNSUPPORTED_TYPE"],
    [{ purpose: "avatar", contentType: "text/html" }, "UNSUPPORTED_TYPE"],
    [{ conversationId, purpose: "avatar" }, "VALIDATION_FAILED"],
    [{}, "VALIDATION_FAILED"],
    [{ conversationId, size: 0 }, "VALIDATION_FAILED"],
    [{ conversationId, size: 1.5 }, "VALIDATION_FAILED"],
    [{ conversationId, fileName: "../../etc/passwd" }, "VALIDATION_FAILED"],
    [{ conversationId, fileName: "gpj.\u202eexe" }, "VALIDATION_FAILED"],
    [{ conversationId, contentType: "image/png; charset=x" }, "VALIDATION_FAILED"],
    [{ conversationId, contentType: "image/png\r\nx-evil: 1" }, "VALIDATION_FAILED"],
  ] as const;
  for (const [input, code] of cases) expect(await create(input)).toMatchObject({ failure: { code } });
  const { rows } = await sql`select from media where owner_id = ${ann}`.execute(db);
  expect(rows).toHaveLength(0);
});

test("[M9] uploads side by side on two nodes cannot pass the quota together; what was deleted counts for two hours", async () => {
  const [ann] = await addPeople(db, 1);
  if (ann === undefined) throw new Error("no Ann");
  const conversationId = await group(ann, []);
  const input = { fileName: "x", contentType: "text/plain", size: quotaBytes / 4, conversationId };
  const begun = await Promise.all(
    Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? node : other).call(operations.createMedia, ann, input)),
  );
  const accepted = begun.flatMap((answer) => (answer.ok ? [answer.value.media] : []));
  expect(accepted).toHaveLength(4);
  const create = () => node.call(operations.createMedia, ann, { ...input, size: 1 });
  expect(await create()).toMatchObject({ failure: { code: "QUOTA_EXCEEDED" } });

  const [first] = accepted;
  if (first === undefined) throw new Error("no upload");
  must(await remove(ann, first));
  await deleteMediaBytes(jobs, signal);
  expect(await create()).toMatchObject({ failure: { code: "QUOTA_EXCEEDED" } });
  await passes(first, 3);
  expect((await create()).ok).toBe(true);
});

test("[M9] uploads that come to nothing are bounded", async () => {
  const [ann] = await addPeople(db, 1);
  if (ann === undefined) throw new Error("no Ann");
  await sql`insert into media (lane, id, owner_id, file_name, content_type, size)
            select 0, gen_random_uuid(), ${ann}, 'x', 'image/png', 1 from generate_series(1, ${limits.unfinishedUploads})`.execute(
    db,
  );
  const input = { fileName: "x", contentType: "image/png", size: 5, purpose: "avatar" };
  expect(await node.call(operations.createMedia, ann, input)).toMatchObject({ failure: { code: "QUOTA_EXCEEDED" } });
  await sql`update media set state = 'active' where owner_id = ${ann}`.execute(db);
  expect((await node.call(operations.createMedia, ann, input)).ok).toBe(true);
});

test("[M4] only its uploader gets what nothing refers to, and only who sees a message what that refers to", async () => {
  const [ann, ben, eve, ned, zoe] = await addPeople(db, 5);
  if (ann === undefined || ben === undefined || eve === undefined || ned === undefined || zoe === undefined)
    throw new Error("nobody");
  const conversationId = await group(ann, [ben, zoe]);
  const media = await upload(ann, { conversationId });
  const absent = await node.call(operations.getMedia, eve, { mediaId: newMediaId(conversationId) });
  expect(absent).toMatchObject({ failure: { code: "NOT_FOUND" } });
  const expectUnseen = async (viewer: UserId) => {
    for (const answer of [await read(viewer, media), await urlOf(viewer, media), await remove(viewer, media)])
      expect<unknown>(answer).toEqual(absent);
    expect<unknown>(await confirm(viewer, media)).toEqual(absent);
  };
  for (const viewer of [ben, eve]) await expectUnseen(viewer);

  const messageId = await send(ann, conversationId, [media]);
  must(await node.call(operations.addMembers, ann, { conversationId, userIds: [ned] }));
  must(await node.call(operations.blockUser, ben, { userId: ann }));
  // a blocked person's messages stay readable [L14]; what it was uploaded for is not told
  const seen = must(await read(ben, media)).media;
  expect(seen).toMatchObject({ state: "attached", fileName: "a picture.png" });
  expect(seen).not.toHaveProperty("conversationId");
  expect((await urlOf(ben, media)).ok).toBe(true);
  expect(await remove(ben, media)).toMatchObject({ failure: { code: "FORBIDDEN" } });
  // a stranger, and one who came later [L10]
  for (const viewer of [eve, ned]) await expectUnseen(viewer);

  // where it is forwarded to it is seen too, and nowhere else
  const elsewhere = await group(ben, [eve]);
  must(await node.call(operations.forwardMessage, ben, { messageId, conversationIds: [elsewhere] }));
  expect(must(await read(eve, media)).media).not.toHaveProperty("conversationId");
  await expectUnseen(ned);
  must(await node.call(operations.removeMember, ben, { conversationId: elsewhere, userId: eve }));
  await expectUnseen(eve);

  // who was removed or has left, be it the uploader
  must(await node.call(operations.banMember, ann, { conversationId, userId: zoe }));
  await expectUnseen(zoe);
  must(await node.call(operations.changeMemberRole, ann, { conversationId, userId: ben, role: "owner" }));
  must(await node.call(operations.removeMember, ann, { conversationId, userId: ann }));
  expect(await read(ann, media)).toEqual(absent);
  expect((await urlOf(ben, media)).ok).toBe(true);
});

test("[M4] a person's picture is for everyone signed in, and is let go when there is another one", async () => {
  const [ann, ben, eve] = await addPeople(db, 3);
  if (ann === undefined || ben === undefined || eve === undefined) throw new Error("nobody");
  const conversationId = await group(ann, [ben]);
  const first = await upload(ann, { purpose: "avatar" });
  const change = (who: UserId, avatarMediaId: MediaId | null) =>
    node.call(operations.updateOwnUser, who, { avatarMediaId });
  // another's, one for messages, one that is not looked into, one that is not there
  const unready = await begin(ann, { purpose: "avatar" });
  const forMessages = await upload(ann, { conversationId });
  for (const id of [unready.id, forMessages.id, newMediaId(ann)])
    expect(await change(ann, id)).toMatchObject({ failure: { code: "VALIDATION_FAILED" } });
  expect(await change(ben, first.id)).toMatchObject({ failure: { code: "VALIDATION_FAILED" } });
  expect((await read(eve, first)).ok).toBe(false);

  expect(must(await change(ann, first.id)).user.avatarMediaId).toBe(first.id);
  expect(await stateOf(first)).toBe("attached");
  must(await node.call(operations.blockUser, ann, { userId: eve }));
  for (const viewer of [ben, eve]) {
    expect(must(await node.call(operations.getUser, viewer, { userId: ann })).user.avatarMediaId).toBe(first.id);
    expect(must(await read(viewer, first)).media).not.toHaveProperty("purpose");
    expect((await urlOf(viewer, first)).ok).toBe(true);
  }
  const updated = node.broadcaster.pushes.filter(({ to, event }) => event === "UserUpdated" && to === conversationId);
  expect(updated.at(-1)?.payload).toMatchObject({ id: ann, avatarMediaId: first.id });
  const direct = must(await node.call(operations.createConversation, ben, { type: "direct", memberIds: [ann] }));
  expect(direct.conversation.peer?.avatarMediaId).toBe(first.id);

  const second = await upload(ann, { purpose: "avatar" });
  const third = await upload(ann, { purpose: "avatar" });
  await Promise.all([change(ann, second.id), other.call(operations.updateOwnUser, ann, { avatarMediaId: third.id })]);
  const states = await Promise.all([first, second, third].map(stateOf));
  expect(states.toSorted()).toEqual(["attached", "deleting", "deleting"]);
  expect(states[0]).toBe("deleting");
  expect(must(await change(ann, null)).user).not.toHaveProperty("avatarMediaId");
  expect(await Promise.all([second, third].map(stateOf))).toEqual(["deleting", "deleting"]);
  expect((await read(ben, second)).ok).toBe(false);
});

test("[M4] [C9] a conversation's picture is set by its admins, told in its log and history, and is for who may see it", async () => {
  const [ann, ben, eve, ida] = await addPeople(db, 4);
  if (ann === undefined || ben === undefined || eve === undefined || ida === undefined) throw new Error("nobody");
  const conversationId = await group(ann, [ben]);
  const change = (who: UserId, avatarMediaId: MediaId | null, id = conversationId) =>
    node.call(operations.updateConversation, who, { conversationId: id, avatarMediaId });
  const media = await upload(ann, { purpose: "avatar" });
  const bens = await upload(ben, { purpose: "avatar" });
  expect(await change(ben, bens.id)).toMatchObject({ failure: { code: "FORBIDDEN" } });
  expect(await change(ann, bens.id)).toMatchObject({ failure: { code: "VALIDATION_FAILED" } });
  expect(await change(eve, null)).toMatchObject({ failure: { code: "NOT_FOUND" } });
  const direct = must(await node.call(operations.createConversation, ben, { type: "direct", memberIds: [ann] }));
  expect(await change(ann, media.id, direct.conversation.id)).toMatchObject({ failure: { code: "NOT_FOR_DIRECT" } });

  expect(must(await change(ann, media.id)).conversation.avatarMediaId).toBe(media.id);
  const { pts } = must(await change(ann, media.id)).conversation;
  const log = () => node.call(operations.listChanges, ben, { conversationId, afterPts: 0 });
  const told = must(await log()).items.slice(-2);
  expect(told[0]).toMatchObject({ event: "ConversationUpdated", payload: { avatarMediaId: media.id } });
  expect(told[1]).toMatchObject({ event: "ReceiveMessage", pts, payload: { system: { type: "avatarChanged" } } });
  expect((await urlOf(ben, media)).ok).toBe(true);
  for (const viewer of [eve, ida]) expect((await urlOf(viewer, media)).ok).toBe(false);
  must(await node.call(operations.inviteMembers, ann, { conversationId, userIds: [ida] }));
  const invited = must(await node.call(operations.listInvitations, ida, {})).items[0];
  expect(invited?.conversation?.avatarMediaId).toBe(media.id);
  expect((await urlOf(ida, media)).ok).toBe(true);
  const { invite } = must(await node.call(operations.createInvite, ann, { conversationId }));
  const preview = must(await node.call(operations.getInvite, eve, { token: invite.token }));
  expect(preview.invite.conversation).not.toHaveProperty("avatarMediaId");

  must(await node.call(operations.removeMember, ann, { conversationId, userId: ben }));
  expect((await urlOf(ben, media)).ok).toBe(false);
  expect(must(await change(ann, null)).conversation).not.toHaveProperty("avatarMediaId");
  expect(await stateOf(media)).toBe("deleting");

  const channel = { type: "channel", title: "With a picture", visibility: "public" };
  const open = must(await node.call(operations.createConversation, ann, channel)).conversation.id;
  const shown = await upload(ann, { purpose: "avatar" });
  must(await change(ann, shown.id, open));
  const found = must(await node.call(operations.listPublicConversations, eve, { query: "With a picture" })).items[0];
  expect(found?.avatarMediaId).toBe(shown.id);
  expect((await urlOf(eve, shown)).ok).toBe(true);
  must(await node.call(operations.deleteConversation, ann, { conversationId: open }));
  expect(await stateOf(shown)).toBe("deleting");
});

test("[M6] of a deletion and a message that race for a medium one gets it, and none refers to what is to go", async () => {
  const [ann] = await addPeople(db, 1);
  if (ann === undefined) throw new Error("no Ann");
  const conversationId = await group(ann, []);
  for (let round = 0; round < 12; round++) {
    const media = await upload(ann, { conversationId });
    const message = { conversationId, clientMessageId: newClientMessageId(), mediaIds: [media.id] };
    const [sent, deleted] = await Promise.all([
      node.call(operations.sendMessage, ann, message),
      other.call(operations.deleteMedia, ann, { mediaId: media.id }),
    ]);
    expect(sent.ok).toBe(!deleted.ok);
    expect(await stateOf(media)).toBe(sent.ok ? "attached" : "deleting");
  }
});

test("[M6] removing bytes may be repeated: after a death in between, and where there are none", async () => {
  const [ann] = await addPeople(db, 1);
  if (ann === undefined) throw new Error("no Ann");
  const [torn, empty] = [await upload(ann, { purpose: "avatar" }), await begin(ann, { purpose: "avatar" })];
  for (const media of [torn, empty]) must(await remove(ann, media));
  const dying = {
    list: () => Promise.resolve([]),
    remove: async (keys: readonly string[]) => {
      await blobs.remove(keys);
      throw new Error("killed");
    },
  };
  await expect(deleteMediaBytes({ ...jobs, blobs: dying }, signal)).rejects.toThrow("killed");
  expect(await blobs.sizeOf(torn.id)).toBeUndefined();
  expect(await Promise.all([torn, empty].map(stateOf))).toEqual(["deleting", "deleting"]);
  await Promise.all([deleteMediaBytes(jobs, signal), deleteMediaBytes(jobs, signal)]);
  expect(await Promise.all([torn, empty].map(stateOf))).toEqual(["deleted", "deleted"]);
});

test("[M7] uploads that nobody confirms end after two hours, media that nothing refers to after a day, their rows after thirty", async () => {
  const [ann] = await addPeople(db, 1);
  if (ann === undefined) throw new Error("no Ann");
  const conversationId = await group(ann, []);
  const fresh = await begin(ann, { conversationId });
  const stale = await begin(ann, { conversationId });
  const [unused, lately, used] = await Promise.all([1, 2, 3].map(() => upload(ann, { conversationId })));
  if (unused === undefined || lately === undefined || used === undefined) throw new Error("no uploads");
  await send(ann, conversationId, [used]);
  await passes(fresh, 1);
  await passes(stale, 3);
  await passes(unused, 25);
  await passes(lately, 23);
  await passes(used, 50_000);
  const all = [fresh, stale, unused, lately, used];
  const states = () => Promise.all(all.map(stateOf));
  const expected = ["initiated", "deleting", "deleting", "active", "attached"];
  for (let again = 0; again < 2; again++) {
    await endStaleUploads(jobs, signal);
    expect(await states()).toEqual(expected);
  }
  await deleteMediaBytes(jobs, signal);
  // by an address that is good for an hour, something came after all
  await blobs.put(stale.id, "image/png", picture);
  await passes(stale, 1);
  await endStaleUploads(jobs, signal);
  expect(await blobs.sizeOf(stale.id)).toBeUndefined();
  expect(await blobs.sizeOf(used.id)).toBe(picture.length);
  await passes(stale, 24 * 31);
  await endStaleUploads(jobs, signal);
  expect(await states()).toEqual(["initiated", "gone", "deleted", "active", "attached"]);
});

test("[M7] blobs that belong to nothing are removed by pages, what is young or not ours stays", async () => {
  const [ann] = await addPeople(db, 1);
  if (ann === undefined) throw new Error("no Ann");
  const kept = await upload(ann, { purpose: "avatar" });
  const failed = await begin(ann, { purpose: "avatar" });
  await blobs.put(failed.id, "image/png", picture);
  await sql`update media set state = 'failed' where id = ${failed.id}`.execute(db);
  const orphans = Array.from({ length: 450 }, () => newMediaId(ann));
  for (const id of orphans) await blobs.put(id, "image/png", picture);
  await blobs.put("not-one-of-ours", "image/png", picture);
  const left = async () => {
    const sizes = await Promise.all(
      [kept.id, failed.id, "not-one-of-ours", ...orphans].map((key) => blobs.sizeOf(key)),
    );
    return sizes.filter((size) => size !== undefined).length;
  };
  await removeOrphanBlobs(jobs, Date.now(), signal);
  expect(await left()).toBe(453);
  const pages: number[] = [];
  const counting = {
    remove: (keys: readonly string[]) => blobs.remove(keys),
    list: async (after: string | undefined, most: number) => {
      const page = await blobs.list(after, most);
      pages.push(page.length);
      return page;
    },
  };
  await removeOrphanBlobs({ ...jobs, blobs: counting }, Date.now() + 3 * 60 * 60_000, signal);
  expect(await left()).toBe(2);
  expect(Math.max(...pages)).toBe(200);
  expect(await blobs.sizeOf(kept.id)).toBe(picture.length);
});
