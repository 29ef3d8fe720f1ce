import { laneOf, type MediaId, type MediaState, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { Database } from "../../ports/database.ts";
import type { PictureSize } from "./measure-picture.ts";
import type { MediaRow } from "./media-view.ts";

/** Takes a medium from one of the states `from` to another one. @returns undefined where it is in none of them by now */
export async function changeState(
  db: Database,
  id: MediaId,
  from: readonly MediaState[],
  to: MediaState,
  measured?: PictureSize,
): Promise<MediaRow | undefined> {
  return db
    .updateTable("media")
    .set({ state: to, changed_at: sql`now()`, ...measured })
    .where("lane", "=", laneOf(id))
    .where("id", "=", id)
    .where("state", "in", from)
    .returningAll()
    .executeTakeFirst();
}

/** Tells who uploaded them. */
export function tellStates(
  broadcaster: Pick<Broadcaster, "toUser">,
  changed: readonly { readonly id: MediaId; readonly owner_id: UserId }[],
  state: MediaState,
): void {
  for (const { id, owner_id } of changed) broadcaster.toUser(owner_id, "MediaStateChanged", { mediaId: id, state });
}
