import { type ConversationId, conversationId, type UserId, userId } from "@hubbub/contract";
import { Progress } from "@hubbub/progress";
import { type SeedOptions, seed } from "@hubbub/seed";
import type { SQL } from "bun";
import { openConnections } from "../../../apps/server/src/infrastructure/postgres/database.ts";
import { ServerProcess } from "../../../apps/server/src/testing/server-process.ts";
import { Sessions } from "../load/sessions.ts";

/** A running server with much or little in its database, and what requests to it need. */
export interface Community {
  readonly server: ServerProcess;
  readonly api: string;
  readonly sizes: Readonly<Record<"messages" | "conversations" | "longest" | "members", number>>;
  /** Of the person who is in every conversation, and of one who is in a few. */
  readonly tokens: { readonly everywhere: string; readonly few: string };
  readonly longest: { readonly id: ConversationId; readonly seq: number };
  readonly channel: { readonly id: ConversationId; readonly middle: UserId };
  /** Who has said the least, of those who have said something. */
  readonly quiet: UserId;
  /** Five hundred of the first person's, with their newest pts. */
  readonly heads: Readonly<Record<ConversationId, number>>;
  readonly epoch: string;
  readonly userPts: number;
  close(): Promise<void>;
}

/** @param dataDirectory seeded already, or empty and then seeded with `options` */
export async function openCommunity(dataDirectory: string, options: SeedOptions | undefined): Promise<Community> {
  const server = await ServerProcess.start({ dataDirectory, env: { LOG_LEVEL: "warn" } });
  const sql = openConnections(server.databaseUrl, 1);
  try {
    if (options !== undefined) await seed(server.databaseUrl, options, "-", new Progress());
    return {
      server,
      api: `${await server.url}/api/v1`,
      ...(await inspect(sql, dataDirectory)),
      close: () => close(server, sql),
    };
  } catch (error) {
    await close(server, sql);
    throw error;
  }
}

async function close(server: ServerProcess, sql: SQL): Promise<void> {
  await sql.close();
  await server.stop();
}

async function inspect(sql: SQL, dataDirectory: string) {
  const [counts] = await sql`
    select (select count(*)::integer from messages) as messages, count(*)::integer as conversations, max(seq)::integer as longest,
           max(member_count)::integer as members
    from conversations`;
  const [longest] = await sql`select id, seq::integer as seq from conversations order by seq desc limit 1`;
  const [channel] =
    await sql`select id, member_count::integer as members from conversations order by member_count desc limit 1`;
  const [middle] = await sql`
    select user_id from conversation_members where conversation_id = ${channel.id} order by user_id
    offset ${Math.floor(channel.members / 2)} limit 1`;
  const [everywhere] = await sql`
    select u.id, u.user_pts::integer as user_pts, i.epoch from users u cross join installation i
    where u.id = (select user_id from conversation_members group by 1 order by count(*) desc limit 1)`;
  const [few] = await sql`
    select user_id as id from conversation_members
    where user_id in (select user_id from conversation_members where conversation_id = ${longest.id})
    group by 1 having count(*) between 5 and 12 limit 1`;
  const [quiet] = await sql`
    select sender_id as id from messages where kind <> 'system' group by 1 order by count(*), sender_id limit 1`;
  const heads = await sql`
    select c.id, c.pts::integer as pts from conversation_members m join conversations c on c.lane = m.lane and c.id = m.conversation_id
    where m.user_id = ${everywhere.id} and c.member_count < 1000 order by c.last_activity_at desc limit 500`;
  const people = [everywhere, few ?? everywhere].map(({ id }) => userId.parse(id));
  const [first = "", second = ""] = await new Sessions(sql, dataDirectory).open(people);
  return {
    sizes: {
      messages: counts.messages,
      conversations: counts.conversations,
      longest: counts.longest,
      members: counts.members,
    },
    tokens: { everywhere: first, few: second },
    longest: { id: conversationId.parse(longest.id), seq: Number(longest.seq) },
    channel: { id: conversationId.parse(channel.id), middle: userId.parse(middle.user_id) },
    quiet: userId.parse(quiet.id),
    heads: Object.fromEntries(heads.map(({ id, pts }: { id: string; pts: number }) => [conversationId.parse(id), pts])),
    epoch: String(everywhere.epoch),
    userPts: Number(everywhere.user_pts),
  };
}
