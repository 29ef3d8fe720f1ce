import { afterAll, expect, test } from "bun:test";
import { type Media, newClientMessageId, newMediaId, operations } from "@hubbub/contract";
import { sql } from "kysely";
import { must } from "../../testing/test-node.ts";
import { deleteMediaBytes, endStaleUploads, removeOrphanBlobs } from "./clean-up-media.ts";
import { mediaJobs } from "./index.ts";
import { openMediaNodes, picture } from "./testing/media-nodes.ts";

const nodes = await openMediaNodes();
afterAll(() => nodes.close());
const { db, blobs, node, other, person, group, send, begin, upload, remove, stateOf, passes, cleaning } = nodes;
const { signal } = new AbortController();

test("[M6] of a deletion and a message that race for a medium one gets it, and none refers to what is to go", async () => {
  const ann = await person();
  const conversationId = await group(ann);
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

test("[M6] of a deletion and a profile that race for a picture one gets it", async () => {
  const ann = await person();
  for (let round = 0; round < 12; round++) {
    const media = await upload(ann, { purpose: "avatar" });
    const [set, deleted] = await Promise.all([
      node.call(operations.updateOwnUser, ann, { avatarMediaId: media.id }),
      other.call(operations.deleteMedia, ann, { mediaId: media.id }),
    ]);
    expect(set.ok).toBe(!deleted.ok);
    expect(await stateOf(media)).toBe(set.ok ? "attached" : "deleting");
  }
});

test("[M6] [L7] pictures that change places between a person and a conversation block nobody, and one that is left stays", async () => {
  const ann = await person();
  const conversationId = await group(ann);
  for (let round = 0; round < 10; round++) {
    const [one, two] = [await upload(ann, { purpose: "avatar" }), await upload(ann, { purpose: "avatar" })];
    const wear = ({ id: avatarMediaId }: Media) => node.call(operations.updateOwnUser, ann, { avatarMediaId });
    const hang = ({ id: avatarMediaId }: Media) =>
      other.call(operations.updateConversation, ann, { conversationId, avatarMediaId });
    must(await wear(one));
    must(await hang(two));
    // whoever comes second may find that the first one let it go
    await Promise.all([wear(two), hang(one)]);
    const { rows } = await sql<{ id: string }>`
      select avatar_media_id as id from users where id = ${ann}
      union select avatar_media_id from conversations where id = ${conversationId}`.execute(db);
    const used = rows.map(({ id }) => id);
    expect(await Promise.all([one, two].map(stateOf))).toEqual(
      [one, two].map(({ id }) => (used.includes(id) ? "attached" : "deleting")),
    );
  }
});

test("[M6] removing bytes may be repeated: after a death in between, and where there are none", async () => {
  const ann = await person();
  const [torn, empty] = [await upload(ann, { purpose: "avatar" }), await begin(ann, { purpose: "avatar" })];
  for (const media of [torn, empty]) must(await remove(ann, media));
  const dying = {
    list: () => Promise.resolve([]),
    remove: async (keys: readonly string[]) => {
      await blobs.remove(keys);
      throw new Error("killed");
    },
  };
  await expect(deleteMediaBytes({ ...cleaning, blobs: dying }, signal)).rejects.toThrow("killed");
  expect(await blobs.sizeOf(torn.id)).toBeUndefined();
  expect(await Promise.all([torn, empty].map(stateOf))).toEqual(["deleting", "deleting"]);
  await Promise.all([deleteMediaBytes(cleaning, signal), deleteMediaBytes(cleaning, signal)]);
  expect(await Promise.all([torn, empty].map(stateOf))).toEqual(["deleted", "deleted"]);
});

test("[M7] uploads that nobody confirms end after two hours, media that nothing refers to after a day, their rows after thirty", async () => {
  const ann = await person();
  const conversationId = await group(ann);
  const fresh = await begin(ann, { conversationId });
  const stale = await begin(ann, { conversationId });
  const [unused, lately, used] = await Promise.all([1, 2, 3].map(() => upload(ann, { conversationId })));
  if (unused === undefined || lately === undefined || used === undefined) throw new Error("no uploads");
  await send(ann, conversationId, used);
  await passes(fresh, 1);
  await passes(stale, 3);
  await passes(unused, 25);
  await passes(lately, 23);
  await passes(used, 50_000);
  const all = [fresh, stale, unused, lately, used];
  const states = () => Promise.all(all.map(stateOf));
  const expected = ["initiated", "deleting", "deleting", "active", "attached"];
  for (let again = 0; again < 2; again++) {
    await endStaleUploads(cleaning, signal);
    expect(await states()).toEqual(expected);
  }
  await deleteMediaBytes(cleaning, signal);
  // by an address that is good for an hour, something came after all
  await blobs.put(stale.id, "image/png", picture);
  await passes(stale, 1);
  await endStaleUploads(cleaning, signal);
  expect(await blobs.sizeOf(stale.id)).toBeUndefined();
  expect(await blobs.sizeOf(used.id)).toBe(picture.length);
  await passes(stale, 24 * 31);
  await endStaleUploads(cleaning, signal);
  expect(await states()).toEqual(["initiated", "gone", "deleted", "active", "attached"]);
});

test("[M6] [M7] bytes go within a minute, stale uploads are looked for every half hour, and orphans once a day", () => {
  const turns = mediaJobs({ ...cleaning, clock: { now: () => 0 } }).map(({ name, everyMinutes }) => [
    name,
    everyMinutes,
  ]);
  expect(turns).toEqual([
    ["delete-media", 1],
    ["end-stale-uploads", 30],
    ["remove-orphan-blobs", undefined],
  ]);
});

test("[M7] blobs that belong to nothing are removed by pages, what is young or not ours stays", async () => {
  const ann = await person();
  const kept = await upload(ann, { purpose: "avatar" });
  const failed = await begin(ann, { purpose: "avatar" });
  await blobs.put(failed.id, "image/png", picture);
  await sql`update media set state = 'failed' where id = ${failed.id}`.execute(db);
  const orphans = Array.from({ length: 250 }, () => newMediaId(ann));
  await Promise.all(orphans.map((id) => blobs.put(id, "image/png", picture)));
  await blobs.put("not-one-of-ours", "image/png", picture);
  const left = async () => {
    const sizes = await Promise.all(
      [kept.id, failed.id, "not-one-of-ours", ...orphans].map((key) => blobs.sizeOf(key)),
    );
    return sizes.filter((size) => size !== undefined).length;
  };
  await removeOrphanBlobs(cleaning, Date.now(), signal);
  expect(await left()).toBe(253);
  const pages: number[] = [];
  const counting = {
    remove: (keys: readonly string[]) => blobs.remove(keys),
    list: async (after: string | undefined, most: number) => {
      const page = await blobs.list(after, most);
      pages.push(page.length);
      return page;
    },
  };
  let queries = 0;
  const counted = db.withPlugin({
    transformQuery: ({ node: query }) => {
      queries++;
      return query;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  });
  await removeOrphanBlobs({ ...cleaning, db: counted, blobs: counting }, Date.now() + 3 * 60 * 60_000, signal);
  expect(await left()).toBe(2);
  expect(Math.max(...pages)).toBe(200);
  expect(queries).toBe(pages.filter((keys) => keys > 0).length);
  expect(await blobs.sizeOf(kept.id)).toBe(picture.length);
});
