import { type ConversationId, type Lane, laneOf, newConversationId, type UserId } from "@hubbub/contract";
import type { SQL, TransactionSQL } from "bun";
import { append } from "./append.ts";
import type { PlannedConversation } from "./plan.ts";
import { transactionAt } from "./seed-clock.ts";

export interface WrittenConversation {
  readonly id: ConversationId;
  readonly lane: Lane;
  /** Those who take part, the owner first; not who only joined a large channel. */
  readonly members: readonly UserId[];
  readonly messages: number;
  /** Of its newest change. */
  readonly pts: number;
}

/** Conversations, or joiners, of one transaction. */
const BATCH = 500;

/** Conversations as `createConversation` makes them, and who joined as `joinChannel` does, inboxes included [L16]. */
export async function writeConversations(
  sql: SQL,
  { planned, people, at }: { planned: readonly PlannedConversation[]; people: readonly UserId[]; at: Date },
  onEach: (count: number) => void,
): Promise<WrittenConversation[]> {
  const written: WrittenConversation[] = [];
  for (let from = 0; from < planned.length; from += BATCH) {
    const some = planned
      .slice(from, from + BATCH)
      .map((plan, index) => ({ ...plan, ...own(plan, people, from + index, at) }));
    await transactionAt(sql, at, async (tx) => create(tx, some, at));
    onEach(some.length);
    for (const { id, lane, members, messages, joiners } of some) {
      const joining = people.slice(...joiners);
      await join(sql, { id, joining, at }, onEach);
      written.push({ id, lane, members, messages, pts: joining.length });
    }
  }
  return written;
}

function own({ type, founders }: PlannedConversation, people: readonly UserId[], number: number, at: Date) {
  const id = newConversationId(at.getTime());
  const members = founders.flatMap((place) => people[place] ?? []);
  return {
    id,
    lane: laneOf(id),
    members,
    title: type === "direct" ? null : `${titles[number % titles.length]} ${number}`,
  };
}

const titles = ["Design", "Operations", "Support", "Planning", "Travel", "Research", "Lunch", "Announcements"];

type NewConversation = PlannedConversation & ReturnType<typeof own>;

async function create(tx: TransactionSQL, some: readonly NewConversation[], at: Date): Promise<void> {
  const rows = JSON.stringify(
    some.map(({ id, lane, type, title, members }) => ({
      ...{ id, lane, type, title, created_by: members[0], member_count: members.length },
      visibility: type === "channel" ? "public" : "private",
      history_visibility: type === "group" ? "sinceJoined" : "all",
    })),
  );
  await tx`
    insert into conversations (lane, id, type, title, visibility, posting, history_visibility, member_count, created_by,
                               created_at, last_activity_at)
    select n.lane, n.id, n.type, n.title, n.visibility, 'everyone', n.history_visibility, n.member_count, n.created_by,
           ${at}, ${at}
    from jsonb_populate_recordset(null::conversations, ${rows}::text::jsonb) n`;
  const pairs = some.flatMap(({ id, lane, type, members: [one = "", other = ""] }) => {
    const [low, high] = [one, other].sort();
    return type === "direct" ? [{ low_user_id: low, high_user_id: high, lane, conversation_id: id }] : [];
  });
  await tx`
    insert into direct_conversations (low_user_id, high_user_id, lane, conversation_id)
    select n.low_user_id, n.high_user_id, n.lane, n.conversation_id
    from jsonb_populate_recordset(null::direct_conversations, ${JSON.stringify(pairs)}::text::jsonb) n`;
  const members = some.flatMap(({ id, lane, type, members: all }) =>
    all.map((user_id, place) => ({
      ...{ lane, conversation_id: id, user_id },
      role: place === 0 || type === "direct" ? "owner" : "member",
    })),
  );
  await tx`
    insert into conversation_members
      (lane, conversation_id, user_id, role, joined_at, joined_pts, visible_from_seq, read_seq, delivered_seq)
    select n.lane, n.conversation_id, n.user_id, n.role, ${at}, 0, 1, 0, 0
    from jsonb_populate_recordset(null::conversation_members, ${JSON.stringify(members)}::text::jsonb) n`;
  await enterInboxes(
    tx,
    "NewConversationCreated",
    some.flatMap(({ id, members: all }) => all.map((user) => ({ user, id, actor: all[0] ?? user }))),
  );
}

/** Each joins by themselves. */
async function join(
  sql: SQL,
  { id, joining, at }: { id: ConversationId; joining: readonly UserId[]; at: Date },
  onEach: (count: number) => void,
): Promise<void> {
  const lane = laneOf(id);
  for (let from = 0; from < joining.length; from += BATCH) {
    const some = joining.slice(from, from + BATCH);
    await transactionAt(sql, at, async (tx) => {
      const pts = await append(
        tx,
        some.map((userId) => ({
          ...{ lane, conversation_id: id, event: "MemberAdded", actor_id: userId },
          payload: { userId, by: userId, role: "member" },
        })),
      );
      await tx`
        insert into conversation_members
          (lane, conversation_id, user_id, role, joined_at, joined_pts, visible_from_seq, read_seq, delivered_seq)
        select ${lane}::smallint, ${id}::uuid, u.id, 'member', ${at}, u.pts, 1, 0, 0
        from unnest(${tx.array([...some], "uuid")}, ${tx.array(pts, "int8")}) u(id, pts)`;
      await tx`
        update conversations set member_count = member_count + ${some.length} where lane = ${lane}::smallint and id = ${id}::uuid`;
      await enterInboxes(
        tx,
        "AddedToConversation",
        some.map((user) => ({ user, id, actor: user })),
      );
    });
    onEach(some.length);
  }
}

async function enterInboxes(
  tx: TransactionSQL,
  event: "NewConversationCreated" | "AddedToConversation",
  entries: readonly { readonly user: UserId; readonly id: ConversationId; readonly actor: UserId }[],
): Promise<void> {
  const column = (values: readonly string[], type: "uuid" | "text") => tx.array([...values], type);
  await tx`
    select count(*) from enter_inbox(
      ${column(
        entries.map(({ user }) => user),
        "uuid",
      )}, ${column(
        entries.map(() => event),
        "text",
      )},
      ${column(
        entries.map(({ actor }) => actor),
        "uuid",
      )}, ${column(
        entries.map(({ id }) => id),
        "uuid",
      )},
      array_fill(null::uuid, array[${entries.length}::integer]))`;
}
