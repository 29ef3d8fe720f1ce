import type { Media, UserId } from "@hubbub/contract";
import { manyPersonal, type PersonalSection, pageByPage } from "../../operations/personal-section.ts";
import type { Database } from "../../ports/database.ts";
import { mediaView } from "./media-view.ts";

/** What a person uploaded; the bytes are read by their addresses. */
export function mediaSections(db: Database): readonly PersonalSection[] {
  return [manyPersonal("media", (user) => mediaOf(db, user))];
}

function mediaOf(db: Database, user: UserId): AsyncIterable<Media> {
  return pageByPage<Media>(async (after, limit) => {
    const select = db.selectFrom("media").selectAll().where("owner_id", "=", user).orderBy("id").limit(limit);
    const rows = await (after === undefined ? select : select.where("id", ">", after.id)).execute();
    return rows.map((row) => mediaView(row, user));
  });
}
