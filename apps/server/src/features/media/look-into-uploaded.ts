import { limits } from "@hubbub/contract";
import { defineConsumer, onPerson } from "../../operations/domain-event.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database } from "../../ports/database.ts";
import type { OutboxConsumer } from "../../ports/outbox.ts";
import { changeState, tellStates } from "./change-state.ts";
import { mediaUploaded } from "./domain-events.ts";
import { measurePicture, PICTURE_HEAD_BYTES } from "./measure-picture.ts";
import { pictureTypes } from "./media-types.ts";
import type { MediaRow } from "./media-view.ts";
import { findOwnMedia } from "./visible-media.ts";

export interface LookIntoUploadedDeps {
  readonly db: Database;
  readonly blobs: Pick<BlobStore, "readStart">;
  readonly broadcaster: Pick<Broadcaster, "toUser">;
}

/** Measures pictures; whatever else was uploaded is good as it is [M2]. To do so twice does nothing: the state tells. */
export function lookIntoUploadedConsumer(deps: LookIntoUploadedDeps): OutboxConsumer {
  const { db, broadcaster } = deps;
  return defineConsumer("look-into-uploaded-media", [
    onPerson(mediaUploaded, async ({ userId }, { mediaId }) => {
      const media = await findOwnMedia(db, mediaId, userId);
      if (media?.state !== "uploaded") return;
      const changed = await settle(deps, media);
      if (changed !== undefined) tellStates(broadcaster, [changed], changed.state);
    }),
  ]);
}

async function settle({ db, blobs }: LookIntoUploadedDeps, media: MediaRow): Promise<MediaRow | undefined> {
  const { id, content_type } = media;
  if (!pictureTypes.has(content_type)) return changeState(db, id, ["uploaded"], "active");
  const size = measurePicture(content_type, await blobs.readStart(id, PICTURE_HEAD_BYTES));
  const isGood = size !== undefined && size.width * size.height <= limits.pixels;
  return isGood ? changeState(db, id, ["uploaded"], "active", size) : changeState(db, id, ["uploaded"], "failed");
}
