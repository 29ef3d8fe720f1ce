import { laneOf, type MediaId, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import type { MediaRow } from "./media-view.ts";

/**
 * The door of a medium [M4]: what something refers to is for who sees one of those messages, that person or that
 * conversation now, its uploader like everyone else; all others are their uploader's alone.
 */
export async function findVisibleMedia(db: Database, id: MediaId, viewer: UserId): Promise<MediaRow | undefined> {
  const { rows } = await sql<MediaRow>`
    select m.* from media m
    where m.lane = ${laneOf(id)} and m.id = ${id} and case
      when m.state <> 'attached' then m.owner_id = ${viewer}
      else exists (
        select from message_media r join conversation_members me
          on me.lane = r.lane and me.conversation_id = r.conversation_id and me.user_id = ${viewer}
         and me.left_pts is null and me.visible_from_seq <= r.seq
        where r.media_lane = m.lane and r.media_id = m.id
      ) or exists (
        select from users u where u.avatar_media_id = m.id and u.deleted_at is null
      ) or exists (
        select from conversations c where c.avatar_media_id = m.id and (
          c.visibility = 'public'
          or exists (
            select from conversation_members me
            where me.lane = c.lane and me.conversation_id = c.id and me.user_id = ${viewer} and me.left_pts is null
          ) or exists (
            select from conversation_invitations i
            where i.lane = c.lane and i.conversation_id = c.id and i.user_id = ${viewer} and i.status = 'pending'
          )
        )
      ) end`.execute(db);
  return rows[0];
}

export async function findOwnMedia(db: Database, id: MediaId, owner: UserId): Promise<MediaRow | undefined> {
  return db
    .selectFrom("media")
    .selectAll()
    .where("lane", "=", laneOf(id))
    .where("id", "=", id)
    .where("owner_id", "=", owner)
    .executeTakeFirst();
}
