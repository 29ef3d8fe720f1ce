import { afterAll, expect, test } from "bun:test";
import { laneOf, limits, newConversationId, operations, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { S3BlobStore } from "../../infrastructure/s3/s3-blob-store.ts";
import { systemClock } from "../../ports/clock.ts";
import { Unavailable } from "../../ports/conversation-writer.ts";
import { archives, beginnings, gif, jpeg, png } from "../../testing/sample-files.ts";
import { TemporaryBlobs } from "../../testing/temporary-blobs.ts";
import { must, TestNode } from "../../testing/test-node.ts";
import { deleteMediaBytes } from "./clean-up-media.ts";
import { lookIntoUploadedConsumer } from "./index.ts";
import { HEAD_BYTES } from "./media-types.ts";
import { openMediaNodes, picture, quotaBytes } from "./testing/media-nodes.ts";

const nodes = await openMediaNodes();
afterAll(() => nodes.close());
const {
  url,
  db,
  blobs,
  node,
  other,
  person,
  group,
  send,
  begin,
  confirm,
  upload,
  read,
  urlOf,
  remove,
  stateOf,
  becomes,
  toldOf,
  passes,
  cleaning,
} = nodes;
const { signal } = new AbortController();

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
  const ann = await person();
  const conversationId = await group(ann);
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

  const messageId = await send(ann, conversationId, media);
  expect(must(await read(ann, media)).media.state).toBe("attached");
  expect(await remove(ann, media)).toMatchObject({ failure: { code: "CONFLICT" } });
  must(await node.call(operations.deleteMessage, ann, { messageId }));
  expect(must(await read(ann, media)).media.state).toBe("deleting");
  expect(await blobs.sizeOf(media.id)).toBe(picture.length);
  await deleteMediaBytes(cleaning, signal);
  expect(must(await read(ann, media)).media.state).toBe("deleted");
  expect(await blobs.sizeOf(media.id)).toBeUndefined();
  expect(await confirm(ann, media)).toMatchObject({ failure: { code: "CONFLICT" } });
  const told = toldOf(media, ann);
  for (const state of ["uploaded", "active", "deleted"]) expect(told.filter((each) => each === state)).toHaveLength(1);
  expect(told.filter((each) => each.includes("another"))).toEqual([]);
  expect([...node.errors, ...other.errors]).toEqual([]);
});

test("[M1] [M8] pictures, films, sound and files of all kinds are taken, and only the first three are shown in place", async () => {
  const ann = await person();
  const conversationId = await group(ann);
  const text = new TextEncoder().encode("<p>Words</p>");
  for (const [contentType, bytes, inline] of [
    ["image/gif", gif, "true"],
    ["video/mp4", beginnings.mp4, "true"],
    ["audio/mpeg", beginnings.mp3, "true"],
    ["application/pdf", beginnings.pdf, "false"],
    ["application/zip", archives.zip, "false"],
    ["text/html", text, "false"],
    ["image/svg+xml", text, "false"],
    ["application/octet-stream", beginnings.exe, "false"],
  ] as const) {
    const media = await upload(ann, { conversationId }, bytes, contentType);
    const { url } = must(await urlOf(ann, media));
    expect([contentType, new URL(url).searchParams.get("inline")]).toEqual([contentType, inline]);
  }
});

test("[M1] what is not what was announced fails for good, by its bytes or by its size, and nobody gets it", async () => {
  const ann = await person();
  const conversationId = await group(ann);
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
  const ann = await person();
  const conversationId = await group(ann);
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
  const ann = await person();
  const held = new HeldBlobs();
  const dying = new TestNode(url, { blobs: held });
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
  const { consume } = lookIntoUploadedConsumer(cleaning);
  await consume(event);
  await consume(event);
  expect(await stateOf(media)).toBe("active");
  expect(toldOf(media, ann)).toEqual(["active"]);
  held.release();
  await dying.close();
  held.drop();
  expect(dying.broadcaster.pushes.map(({ payload }) => payload)).toEqual([{ mediaId: media.id, state: "uploaded" }]);
});

test("[M2] [M3] a store out of reach holds up no beginning, changes nothing, and lets the confirmation be repeated", async () => {
  const ann = await person();
  const place = {
    endpoint: "http://127.0.0.1:1",
    publicUrl: "http://127.0.0.1:1",
    bucket: "none",
    region: "us-east-1",
  };
  const credentials = { accessKeyId: "x", secretAccessKey: "y" };
  const cutOff = new TestNode(url, { blobs: new S3BlobStore({ ...place, credentials }, systemClock) });
  const input = { fileName: "x", contentType: "image/png", size: picture.length, purpose: "avatar" };
  const { media } = must(await cutOff.call(operations.createMedia, ann, input));
  await expect(cutOff.call(operations.confirmMedia, ann, { mediaId: media.id })).rejects.toBeInstanceOf(Unavailable);
  expect(await stateOf(media)).toBe("initiated");
  await blobs.put(media.id, "image/png", picture);
  must(await confirm(ann, media));
  await becomes(media, "active");
  must(await remove(ann, media));
  const deleting = deleteMediaBytes(
    { ...cleaning, blobs: new S3BlobStore({ ...place, credentials }, systemClock) },
    signal,
  );
  await expect(deleting).rejects.toBeInstanceOf(Unavailable);
  expect(await stateOf(media)).toBe("deleting");
  await cutOff.close();
});

test("[M1] who may not send to a conversation may not upload for it, and learns no more of it than of none", async () => {
  const [ann, ben, eve] = await Promise.all([person(), person(), person()]);
  const input = { fileName: "x", contentType: "text/plain", size: 5 };
  const create = (who: UserId, more: object) => node.call(operations.createMedia, who, { ...input, ...more });
  const conversationId = await group(ann, ben);
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
  const ann = await person();
  const conversationId = await group(ann);
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
  const ann = await person();
  const conversationId = await group(ann);
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
  await deleteMediaBytes(cleaning, signal);
  expect(await create()).toMatchObject({ failure: { code: "QUOTA_EXCEEDED" } });
  await passes(first, 3);
  expect((await create()).ok).toBe(true);
});

test("[M9] uploads that come to nothing are bounded", async () => {
  const ann = await person();
  await sql`insert into media (lane, id, owner_id, file_name, content_type, size)
            select 0, gen_random_uuid(), ${ann}, 'x', 'image/png', 1 from generate_series(1, ${limits.unfinishedUploads})`.execute(
    db,
  );
  const input = { fileName: "x", contentType: "image/png", size: 5, purpose: "avatar" };
  expect(await node.call(operations.createMedia, ann, input)).toMatchObject({ failure: { code: "QUOTA_EXCEEDED" } });
  await sql`update media set state = 'active' where owner_id = ${ann}`.execute(db);
  expect((await node.call(operations.createMedia, ann, input)).ok).toBe(true);
});
