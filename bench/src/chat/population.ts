import {
  type ConversationId,
  laneOf,
  newConversationId,
  newDeviceId,
  newUserId,
  type UserId,
  userId,
} from "@hubbub/contract";
import type { SQL } from "bun";
import { openConnections } from "../../../apps/server/src/infrastructure/postgres/database.ts";
import type { ServerProcess } from "../../../apps/server/src/testing/server-process.ts";
import { Sessions } from "../load/sessions.ts";

export interface Person {
  readonly id: UserId;
  readonly token: string;
}

export interface Conversation {
  readonly id: ConversationId;
  /** Places of its members in the list of people. */
  readonly members: readonly number[];
}

/** People who came through the front door: registered and logged in. The others are given sessions directly. */
const REAL_LOGINS = 4;
/** Rows of one statement. */
const BATCH = 5_000;

/**
 * Fills a running server with people and conversations. Hashing a password takes a tenth of a second of CPU, so most
 * accounts are written to its database.
 */
export class Population {
  readonly people: Person[] = [];
  readonly #server: ServerProcess;
  readonly #sql: SQL;
  readonly #sessions: Sessions;

  constructor(server: ServerProcess, dataDirectory: string) {
    this.#server = server;
    this.#sql = openConnections(server.databaseUrl, 1);
    this.#sessions = new Sessions(this.#sql, dataDirectory);
  }

  async addPeople(count: number): Promise<void> {
    for (let index = this.people.length; index < REAL_LOGINS; index++) this.people.push(await this.#register(index));
    const users: UserId[] = [];
    while (this.people.length + users.length < count) users.push(newUserId());
    for (let from = 0; from < users.length; from += BATCH)
      await this.#sql`
        insert into users (id, username, email, email_key, display_name, password_hash)
        select u, 'b' || replace(u::text, '-', ''), u || '@example.org', u || '@example.org', 'Someone', '-'
        from unnest(${this.#sql.array(users.slice(from, from + BATCH), "uuid")}) u`;
    const tokens = await this.#sessions.open(users);
    this.people.push(...users.map((id, index) => ({ id, token: tokens[index] ?? "" })));
  }

  /** @param memberships of each conversation the places of its members in the list of people */
  async addConversations(memberships: readonly (readonly number[])[]): Promise<Conversation[]> {
    const conversations = memberships.map((members) => ({ id: newConversationId(), members }));
    const rows = conversations.flatMap(({ id, members }) => members.map((member) => ({ id, member })));
    const ids = conversations.map(({ id }) => id);
    const array = (values: readonly string[]) => this.#sql.array([...values], "uuid");
    const lanes = (of: readonly ConversationId[]) =>
      this.#sql.array(
        of.map((id) => laneOf(id)),
        "int4",
      );
    await this.#sql`
      insert into conversations (lane, id, type, title, visibility, posting, history_visibility, member_count, created_by)
      select lane, id, 'group', 'Bench', 'private', 'everyone', 'all', members, ${this.people[0]?.id ?? ""}::uuid
      from unnest(${lanes(ids)}, ${array(ids)},
                  ${this.#sql.array(
                    conversations.map(({ members }) => members.length),
                    "int4",
                  )}) x(lane, id, members)`;
    for (let from = 0; from < rows.length; from += BATCH) {
      const some = rows.slice(from, from + BATCH);
      await this.#sql`
        insert into conversation_members
          (lane, conversation_id, user_id, role, joined_pts, visible_from_seq, read_seq, delivered_seq)
        select lane, id, member, 'member', 0, 1, 0, 0
        from unnest(${lanes(some.map(({ id }) => id))}, ${array(some.map(({ id }) => id))},
                    ${array(some.map(({ member }) => this.people[member]?.id ?? ""))}) x(lane, id, member)`;
    }
    return conversations;
  }

  /** What a long-lived database has had done by its autovacuum. */
  async settle(): Promise<void> {
    await this.#sql`vacuum analyze`;
    await this.#sql`checkpoint`;
  }

  /** @returns how many messages are stored, after checking that each conversation's numbers have no gap */
  async countMessages(): Promise<number> {
    const [row] = await this.#sql<{ stored: bigint; broken: bigint }[]>`
      select coalesce(sum(stored), 0) as stored, count(*) filter (where stored <> highest) as broken
      from (select count(*) as stored, max(seq) as highest from messages group by lane, conversation_id) m`;
    if (row === undefined || Number(row.broken) > 0) throw new Error("A conversation's numbers have a gap.");
    return Number(row.stored);
  }

  async close(): Promise<void> {
    await this.#sql.close();
  }

  async #register(index: number): Promise<Person> {
    const username = `bench${index}`;
    const password = crypto.randomUUID();
    const account = { username, email: `${username}@example.org`, displayName: "Someone", password };
    await this.#post("/auth/register", account);
    const login = { login: username, password, deviceId: newDeviceId(), tokenDelivery: "body" };
    const answer = await this.#post("/auth/login", login);
    const { accessToken, user }: { accessToken: string; user: { id: string } } = await answer.json();
    return { id: userId.parse(user.id), token: accessToken };
  }

  async #post(path: string, body: object): Promise<Response> {
    const answer = await fetch(`${await this.#server.url}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }
}
