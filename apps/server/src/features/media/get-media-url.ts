import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "../../ports/database.ts";
import { isShown } from "./media-types.ts";
import { findVisibleMedia } from "./visible-media.ts";

/** Milliseconds for which an address to download from is good [M4]. */
const DOWNLOAD_MS = 15 * 60_000;

export interface GetMediaUrlDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly blobs: Pick<BlobStore, "signDownload">;
}

export function getMediaUrlOperation({ db, clock, blobs }: GetMediaUrlDeps): Operation {
  return defineOperation(operations.getMediaUrl, {
    handle: async ({ mediaId }, { userId }, { serverUrl }) => {
      const media = await findVisibleMedia(db, mediaId, userId);
      if (media === undefined) return fail("NOT_FOUND");
      if (media.state !== "active" && media.state !== "attached")
        return fail("CONFLICT", "This file is not there, or not looked into yet.");
      const { content_type: contentType, file_name: fileName } = media;
      const expiresAt = new Date(clock.now() + DOWNLOAD_MS);
      const download = { key: mediaId, contentType, fileName, inline: isShown(contentType) };
      return ok({ url: await blobs.signDownload(download, expiresAt, serverUrl), expiresAt: expiresAt.toISOString() });
    },
    rest: (body) => ({ body }),
  });
}
