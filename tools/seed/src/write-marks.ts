import { limits, type UserId } from "@hubbub/contract";
import type { SQL } from "bun";
import type { WrittenConversation } from "./write-conversations.ts";

/** Marks of one call. */
const BATCH = 500;

/** Most people have read most of it; some are behind, and some have never looked. Nobody is behind their own words [L22]. */
export async function writeMarks(
  sql: SQL,
  { conversations, random }: { conversations: readonly WrittenConversation[]; random: () => number },
): Promise<void> {
  const marks = conversations.flatMap((conversation) =>
    conversation.members.flatMap((user) => {
      const { messages } = conversation;
      const read = random() < 0.7 ? messages : Math.floor(messages * random());
      return read === 0 ? [] : [{ conversation, user, read }];
    }),
  );
  for (let from = 0; from < marks.length; from += BATCH) await raise(sql, marks.slice(from, from + BATCH));
}

interface Mark {
  readonly conversation: WrittenConversation;
  readonly user: UserId;
  readonly read: number;
}

async function raise(sql: SQL, marks: readonly Mark[]): Promise<void> {
  const json = JSON.stringify(
    marks.map(({ conversation: { id, lane }, user, read }) => ({ lane, conversation_id: id, user_id: user, read })),
  );
  await sql`
    with wanted as materialized (
      select n.lane, n.conversation_id, n.user_id,
             greatest(n.read, coalesce((
               select max(m.seq) from messages m
               where m.lane = n.lane and m.conversation_id = n.conversation_id and m.sender_id = n.user_id), 0)) as read
      from jsonb_to_recordset(${json}::text::jsonb) n(lane smallint, conversation_id uuid, user_id uuid, read bigint)
    ), columns as (
      select array_agg(w.lane) as lanes, array_agg(w.conversation_id) as conversations, array_agg(w.user_id) as users,
             array_agg(w.read) as reads
      from wanted w
    )
    select count(*) from columns c
    cross join lateral raise_marks(${limits.receiptsMembers}, c.lanes, c.conversations, c.users, c.reads, c.reads, false)`;
}
