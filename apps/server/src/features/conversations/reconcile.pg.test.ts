import { afterAll, beforeAll, expect, test } from "bun:test";
import { type ConversationId, laneOf, newConversationId, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import { addPeople, RecordingBroadcaster } from "../../testing/test-node.ts";
import { reconcile } from "./reconcile.ts";

let testDatabase: TestDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});

afterAll(() => testDatabase.drop());

/** Knows who hears the only conversation there is. */
class OneConversation extends RecordingBroadcaster {
  readonly hearing: Set<UserId>;

  constructor(hearing: readonly UserId[]) {
    super();
    this.hearing = new Set(hearing);
  }

  override subscribe(user?: UserId): void {
    if (user !== undefined) this.hearing.add(user);
  }

  override unsubscribe(user?: UserId): void {
    if (user !== undefined) this.hearing.delete(user);
  }

  override subscribers(): UserId[] {
    return [...this.hearing];
  }
}

async function newConversation(members: readonly UserId[]): Promise<ConversationId> {
  const id = newConversationId();
  const db = testDatabase.database.writer.kysely;
  await sql`
    insert into conversations (lane, id, type, visibility, posting, history_visibility, member_count, created_by)
    values (${laneOf(id)}, ${id}, 'group', 'private', 'everyone', 'all', ${members.length}, ${members[0]})`.execute(db);
  await sql`
    insert into conversation_members
      (lane, conversation_id, user_id, role, joined_pts, visible_from_seq, read_seq, delivered_seq)
    select ${laneOf(id)}, ${id}, u, 'member', 0, 1, 0, 0 from unnest(${members}::uuid[]) u`.execute(db);
  return id;
}

test("[L13] [L20] a write that was given up and goes on is waited for: who it removes hears no more, who it adds does", async () => {
  const db = testDatabase.database.writer.kysely;
  const people = await addPeople(db, 3);
  const [staying, leaving, coming] = people;
  if (staying === undefined || leaving === undefined || coming === undefined) throw new Error("Three are needed");
  const id = await newConversation([staying, leaving]);
  const broadcaster = new OneConversation([staying, leaving]);
  let isSettled = false;
  const reconciled = await db.transaction().execute(async (tx) => {
    await sql`select 1 from conversations where id = ${id} for no key update`.execute(tx);
    await sql`update conversations set pts = pts + 2 where id = ${id}`.execute(tx);
    await sql`update conversation_members set left_pts = 1 where user_id = ${leaving}`.execute(tx);
    await sql`update conversation_members set user_id = ${coming} where user_id = ${leaving}`.execute(tx);
    await sql`update conversation_members set left_pts = null where user_id = ${coming}`.execute(tx);
    const running = reconcile(testDatabase.database.reads.kysely, broadcaster, [id]).then(() => {
      isSettled = true;
    });
    await Bun.sleep(100);
    expect(isSettled).toBe(false);
    return { running };
  });
  await reconciled.running;
  expect(broadcaster.hearing).toEqual(new Set([staying, coming]));
  expect(broadcaster.pushes).toEqual([{ to: id, event: "ConversationHead", payload: { conversationId: id, pts: 2 } }]);
});
