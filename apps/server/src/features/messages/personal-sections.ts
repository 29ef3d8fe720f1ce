import { type ConversationId, laneOf, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { manyPersonal, type PersonalSection, pageByPage } from "../../operations/personal-section.ts";
import type { Database } from "../../ports/database.ts";
import { everyConversationOf } from "../conversations/index.ts";

/** What a person wrote, with what it said before, and their reactions, also where they are no member any more. */
export function messageSections(db: Database): readonly PersonalSection[] {
  return [
    manyPersonal("messages", (user) => inEach(db, user, ownMessages)),
    manyPersonal("reactions", (user) => inEach(db, user, ownReactions)),
  ];
}

async function* inEach(
  db: Database,
  user: UserId,
  read: (db: Database, user: UserId, conversation: ConversationId) => AsyncIterable<object>,
): AsyncIterable<object> {
  for await (const { id } of everyConversationOf(db, user)) yield* read(db, user, id);
}

/** In the order of the ids that clients gave, which is nearly that of time, along the one index that has the sender. */
function ownMessages(db: Database, user: UserId, conversation: ConversationId): AsyncIterable<object> {
  return pageByPage<{ readonly clientMessageId: string }>(async (after, limit) => {
    const beyond = after === undefined ? sql`true` : sql`x.client_message_id > ${after.clientMessageId}::uuid`;
    const { rows } = await sql<{ clientMessageId: string }>`
      select x.id, x.conversation_id as "conversationId", x.seq, x.client_message_id as "clientMessageId", x.kind, x.text,
             x.media, x.reply_to_id as "replyToId", x.thread_root_id as "threadRootId", x.mentions,
             x.created_at as "createdAt", x.edited_at as "editedAt", x.deleted_at as "deletedAt",
             (select jsonb_agg(jsonb_build_object('text', e.text, 'until', e.created_at) order by e.pts)
              from message_edits e
              where e.lane = x.lane and e.conversation_id = x.conversation_id and e.seq = x.seq) as "earlierTexts"
      from messages x
      where x.lane = ${laneOf(conversation)} and x.conversation_id = ${conversation} and x.sender_id = ${user}
        and x.client_message_id is not null and ${beyond}
      order by x.client_message_id limit ${limit}`.execute(db);
    return rows;
  });
}

function ownReactions(db: Database, user: UserId, conversation: ConversationId): AsyncIterable<object> {
  return pageByPage<{ readonly seq: number; readonly emoji: string }>(async (after, limit) => {
    const beyond = after === undefined ? sql`true` : sql`(r.seq, r.emoji) > (${after.seq}::bigint, ${after.emoji})`;
    const { rows } = await sql<{ seq: number; emoji: string }>`
      select r.conversation_id as "conversationId", r.seq, r.emoji from message_reactions r
      where r.lane = ${laneOf(conversation)} and r.conversation_id = ${conversation} and r.user_id = ${user} and ${beyond}
      order by r.seq, r.emoji limit ${limit}`.execute(db);
    return rows;
  });
}
