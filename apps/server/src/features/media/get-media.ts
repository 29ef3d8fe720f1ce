import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { mediaView } from "./media-view.ts";
import { findVisibleMedia } from "./visible-media.ts";

export function getMediaOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.getMedia, {
    handle: async ({ mediaId }, { userId }) => {
      const media = await findVisibleMedia(db, mediaId, userId);
      return media === undefined ? fail("NOT_FOUND") : ok({ media: mediaView(media, userId) });
    },
    rest: (body) => ({ body }),
  });
}
