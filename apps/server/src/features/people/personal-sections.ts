import type { Block, Friend, UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { manyPersonal, onePersonal, type PersonalSection, pageByPage } from "../../operations/personal-section.ts";
import type { Database } from "../../ports/database.ts";
import { readBlocks } from "./blocks.ts";
import { friendView, selectFriends } from "./friend-view.ts";
import { readSettings } from "./own-settings.ts";

/** What a person chose, and whom they befriended, asked and blocked, as they see it themselves. */
export function peopleSections(db: Database): readonly PersonalSection[] {
  return [
    onePersonal("settings", (user) => readSettings(db, user)),
    manyPersonal("friends", (user) => friendsOf(db, user)),
    manyPersonal("blocks", (user) => blocksOf(db, user)),
  ];
}

function friendsOf(db: Database, user: UserId): AsyncIterable<Friend> {
  return pageByPage<Friend>(async (after, limit) => {
    const beyond =
      after === undefined
        ? sql`true`
        : sql`(x.requested_at, x.peer_id) < (${new Date(after.requestedAt)}, ${after.userId}::uuid)`;
    const { rows } = await selectFriends(user, beyond, sql`limit ${limit}`).execute(db);
    return rows.map(friendView);
  });
}

function blocksOf(db: Database, user: UserId): AsyncIterable<Block> {
  return pageByPage<Block>((after, limit) => {
    const beyond = after === undefined ? sql`true` : sql`b.blocked_id > ${after.userId}::uuid`;
    return readBlocks(db, user, beyond, limit);
  });
}
