import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database } from "../../ports/database.ts";
import { changeState, tellStates } from "./change-state.ts";
import { findVisibleMedia } from "./visible-media.ts";

export interface DeleteMediaDeps {
  readonly db: Database;
  readonly broadcaster: Pick<Broadcaster, "toUser">;
}

export function deleteMediaOperation({ db, broadcaster }: DeleteMediaDeps): Operation {
  return defineOperation(operations.deleteMedia, {
    handle: async ({ mediaId }, { userId }) => {
      const media = await findVisibleMedia(db, mediaId, userId);
      if (media === undefined) return fail("NOT_FOUND");
      if (media.owner_id !== userId) return fail("FORBIDDEN");
      const deleted = await changeState(db, mediaId, ["initiated", "uploaded", "active"], "deleting");
      if (deleted !== undefined) {
        tellStates(broadcaster, [deleted], "deleting");
        return ok(null);
      }
      const now = await findVisibleMedia(db, mediaId, userId);
      return now?.state === "attached" ? fail("CONFLICT", "Something refers to this file.") : ok(null);
    },
    rest: (body) => ({ body }),
  });
}
