import {
  type ConversationId,
  laneOf,
  type Media,
  type MessageId,
  newClientMessageId,
  operations,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase } from "../../../testing/database.ts";
import { png } from "../../../testing/sample-files.ts";
import { TemporaryBlobs } from "../../../testing/temporary-blobs.ts";
import { addPeople, must, TestNode } from "../../../testing/test-node.ts";

export const picture = png(3, 2);
/** Bytes that one person may have here. */
export const quotaBytes = 40_000_000;

type For = { readonly conversationId: ConversationId } | { readonly purpose: "avatar" };

/** Two nodes on one database and one store of files, and what people do with media there. */
export async function openMediaNodes() {
  const store = await createTestDatabase();
  const blobs = new TemporaryBlobs();
  const node = new TestNode(store.url, { blobs, quotaBytes });
  const other = new TestNode(store.url, { blobs, quotaBytes });
  const db = store.database.writer.kysely;

  async function person(): Promise<UserId> {
    const [id] = await addPeople(db, 1);
    if (id === undefined) throw new Error("nobody was added");
    return id;
  }

  async function begin(owner: UserId, what: For, contentType = "image/png", size = picture.length): Promise<Media> {
    const input = { fileName: "a picture.png", contentType, size, ...what };
    return must(await node.call(operations.createMedia, owner, input)).media;
  }

  const confirm = (owner: UserId, { id: mediaId }: Media) => node.call(operations.confirmMedia, owner, { mediaId });
  const read = (viewer: UserId, { id: mediaId }: Media) => node.call(operations.getMedia, viewer, { mediaId });

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

  async function group(owner: UserId, ...memberIds: readonly UserId[]): Promise<ConversationId> {
    const input = { type: "group", title: "A group", memberIds };
    return must(await node.call(operations.createConversation, owner, input)).conversation.id;
  }

  async function send(sender: UserId, conversationId: ConversationId, media: Media): Promise<MessageId> {
    const input = { conversationId, clientMessageId: newClientMessageId(), mediaIds: [media.id] };
    return must(await node.call(operations.sendMessage, sender, input)).message.id;
  }

  /** The states that its uploader, or anybody else, was told of. */
  const toldOf = ({ id }: Media, owner: UserId): string[] =>
    [...node.broadcaster.pushes, ...other.broadcaster.pushes].flatMap(({ to, event, payload }) =>
      event === "MediaStateChanged" && "mediaId" in payload && payload.mediaId === id && "state" in payload
        ? [`${String(payload.state)}${to === owner ? "" : " to another"}`]
        : [],
    );

  /** As if so many hours had gone by since. */
  const passes = (media: Media, hours: number) =>
    sql`update media set created_at = created_at - make_interval(hours => ${hours}),
        changed_at = changed_at - make_interval(hours => ${hours}) where id = ${media.id}`.execute(db);

  return {
    ...{ url: store.url, db, blobs, node, other, person, group, send },
    ...{ begin, confirm, upload, read, stateOf, becomes, toldOf, passes },
    urlOf: (viewer: UserId, { id: mediaId }: Media) => node.call(operations.getMediaUrl, viewer, { mediaId }),
    remove: (owner: UserId, { id: mediaId }: Media) => node.call(operations.deleteMedia, owner, { mediaId }),
    cleaning: { db, blobs, broadcaster: node.broadcaster },
    async close() {
      await node.close();
      await other.close();
      blobs.drop();
      await store.drop();
    },
  };
}
