import { type InboxEventName, type InvitationId, laneOf, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import type { ConversationEvent } from "../../ports/outbox.ts";

type EntryName = Extract<
  InboxEventName,
  | "NewConversationCreated"
  | "AddedToConversation"
  | "RemovedFromConversation"
  | "InvitationReceived"
  | "InvitationUpdated"
>;

export interface NewEntry {
  readonly name: EntryName;
  readonly event: ConversationEvent;
  readonly userId: UserId;
  /** What it is about beside the conversation. */
  readonly subject: InvitationId | null;
}

export interface WrittenEntry extends NewEntry {
  readonly userPts: number;
}

/**
 * Writes entries into people's inboxes, each once for its event and person, numbered in the order given. Users are
 * locked in the order of their ids [L7], and a removal that was held up takes nothing away from who has come back since:
 * judged under that lock, behind which the entry of their addition is written too [L3] [L13].
 * @returns the entries in order, also those that an earlier try wrote, perhaps without telling
 */
export function writeEntries(db: Database, entries: readonly NewEntry[]): Promise<WrittenEntry[]> {
  if (entries.length === 0) return Promise.resolve([]);
  const people = entries.map(({ userId }) => userId);
  return db.transaction().execute(async (tx) => {
    await sql`select 1 from users where id = any(${people}::uuid[]) order by id for no key update`.execute(tx);
    const { rows } = await sql<{ ordinal: number; user_pts: number }>`
      with given as (
        select * from unnest(
          ${entries.map(({ name }) => name)}::text[], ${people}::uuid[],
          ${entries.map(({ event }) => event.eventId)}::uuid[], ${entries.map(({ event }) => event.actorId)}::uuid[],
          ${entries.map(({ event }) => laneOf(event.conversationId))}::smallint[],
          ${entries.map(({ event }) => event.conversationId)}::uuid[],
          ${entries.map(({ event }) => event.pts)}::bigint[], ${entries.map(({ subject }) => subject)}::uuid[]
        ) with ordinality as g(name, user_id, event_id, actor_id, lane, conversation_id, pts, subject_id, ordinal)
      ), wanted as (
        -- an event may be handed over twice
        select distinct on (g.user_id, g.event_id) g.* from given g
        where g.name <> 'RemovedFromConversation' or not exists (
          select 1 from conversation_members m
          where m.lane = g.lane and m.conversation_id = g.conversation_id and m.user_id = g.user_id
            and m.left_pts is null and m.joined_pts > g.pts)
        order by g.user_id, g.event_id, g.ordinal
      ), known as (
        select w.ordinal, i.user_pts from wanted w
        join user_inbox i on i.user_id = w.user_id and i.event_id = w.event_id
      ), fresh as (
        select w.*, row_number() over (partition by w.user_id order by w.ordinal) as nth from wanted w
        where w.ordinal not in (select k.ordinal from known k)
      ), counted as (
        update users u set user_pts = u.user_pts + t.entries
        from (select f.user_id, count(*) as entries from fresh f group by f.user_id) t
        where u.id = t.user_id and u.deleted_at is null
        returning u.id, old.user_pts as before
      ), numbered as (
        select f.*, c.before + f.nth as user_pts from fresh f join counted c on c.id = f.user_id
      ), written as (
        insert into user_inbox (user_id, user_pts, event, event_id, conversation_id, subject_id, actor_id)
        select n.user_id, n.user_pts, n.name, n.event_id, n.conversation_id, n.subject_id, n.actor_id from numbered n
      )
      select n.ordinal, n.user_pts from numbered n union all select k.ordinal, k.user_pts from known k order by 1
    `.execute(tx);
    return rows.flatMap(({ ordinal, user_pts: userPts }) => {
      const entry = entries[ordinal - 1];
      return entry === undefined ? [] : [{ ...entry, userPts }];
    });
  });
}
