import { operations, type UserId } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok, type Result } from "../../operations/result.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database } from "../../ports/database.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { changeState, tellStates } from "./change-state.ts";
import { mediaUploaded } from "./domain-events.ts";
import { agrees, HEAD_BYTES } from "./media-types.ts";
import { type MediaRow, mediaView } from "./media-view.ts";
import { findOwnMedia } from "./visible-media.ts";

export interface ConfirmMediaDeps {
  readonly db: Database;
  readonly blobs: Pick<BlobStore, "sizeOf" | "readStart">;
  readonly outbox: Pick<Outbox, "write" | "handOver">;
  readonly broadcaster: Pick<Broadcaster, "toUser">;
}

export function confirmMediaOperation(deps: ConfirmMediaDeps): Operation {
  const { db, blobs } = deps;
  return defineOperation(operations.confirmMedia, {
    handle: async ({ mediaId }, { userId }) => {
      const media = await findOwnMedia(db, mediaId, userId);
      if (media?.state !== "initiated") return confirmed(media, userId);
      const size = await blobs.sizeOf(mediaId);
      if (size === undefined) return fail("VALIDATION_FAILED", "Nothing has been uploaded yet.");
      const isAsAnnounced =
        size === media.size && (await agrees(media.content_type, await blobs.readStart(mediaId, HEAD_BYTES)));
      const changed = isAsAnnounced ? await accept(deps, media) : await refuse(deps, media);
      // where another call was first, as it is by now
      return confirmed(changed ?? (await findOwnMedia(db, mediaId, userId)), userId);
    },
    rest: (media) => ({ body: { media } }),
  });
}

/** The event is in the same transaction, so that whatever dies now, the bytes are looked into [M2]. */
async function accept(deps: ConfirmMediaDeps, { id, owner_id }: MediaRow): Promise<MediaRow | undefined> {
  const { db, outbox, broadcaster } = deps;
  const done = await db.transaction().execute(async (tx) => {
    const changed = await changeState(tx, id, ["initiated"], "uploaded");
    return changed && { changed, event: await outbox.write(tx, mediaUploaded.of(owner_id, owner_id, { mediaId: id })) };
  });
  if (done === undefined) return undefined;
  tellStates(broadcaster, [done.changed], "uploaded");
  outbox.handOver([done.event]);
  return done.changed;
}

async function refuse({ db, broadcaster }: ConfirmMediaDeps, { id }: MediaRow): Promise<MediaRow | undefined> {
  const changed = await changeState(db, id, ["initiated"], "failed");
  if (changed !== undefined) tellStates(broadcaster, [changed], "failed");
  return changed;
}

function confirmed(media: MediaRow | undefined, viewer: UserId): Result<ReturnType<typeof mediaView>> {
  if (media === undefined) return fail("NOT_FOUND");
  switch (media.state) {
    case "uploaded":
    case "active":
    case "attached":
      return ok(mediaView(media, viewer));
    case "failed":
      return fail("VALIDATION_FAILED", "What was uploaded is not what was announced: its size or its type differs.");
    case "initiated":
    case "deleting":
    case "deleted":
      return fail("CONFLICT", "This upload is deleted.");
  }
}
