import { type ConversationId, laneOf, type UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { AlertLevel, Broadcaster, Membership } from "../../ports/broadcaster.ts";
import { Unavailable } from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";

/** Milliseconds between two looks: someone removed elsewhere hears nothing after a second [L13]. */
const LOOK_EVERY_MS = 400;
/** Milliseconds without knowing who is a member, after which pushes of other nodes are not handed on [L13]. */
const BLIND_AFTER_MS = 2_000;
/** Seconds that a look reaches back beyond the last one: what may pass between a change's time and its commit. */
const REACH_BACK_SECONDS = 15;

export interface OtherNodesDeps {
  readonly db: Database;
  readonly broadcaster: Broadcaster;
  readonly onError: (error: unknown) => void;
  /** Whether pushes of other nodes reach this one; then a look finds only what they lost. */
  readonly isJoined: boolean;
}

/** Milliseconds between two sweeps for heads. */
const SWEEP_EVERY_MS = { joined: 10_000, apart: 1_000 } as const;

/**
 * Finds in the database what other nodes have changed: a node hears of who is a member by it alone, and of the rest
 * where no push of another node reaches it, or one was lost [L20]. Each kind of look is one query at most an interval.
 */
export class OtherNodes {
  readonly #deps: OtherNodesDeps;
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  readonly #members = new Look();
  readonly #alerts = new Look();
  readonly #heads = new Look();
  readonly #inbox = new Look();
  /** What a look has found and the next one finds again, by when it was found. */
  readonly #seen = new Map<string, number>();
  /** Since when pushes of other nodes were not handed on, milliseconds since 1970. */
  #withheldSince: number | undefined;

  constructor(deps: OtherNodesDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { isJoined, onError } = this.#deps;
    const every = (milliseconds: number, look: Look, work: (seconds: number) => Promise<void>) =>
      this.#timers.push(setInterval(() => look.begin(work, onError), milliseconds));
    every(LOOK_EVERY_MS, this.#members, (seconds) => this.#followMembers(seconds));
    every(LOOK_EVERY_MS, this.#alerts, (seconds) => this.#followAlerts(seconds));
    const sweepEvery = isJoined ? SWEEP_EVERY_MS.joined : SWEEP_EVERY_MS.apart;
    every(sweepEvery, this.#heads, async (seconds) => {
      for (const { id, pts } of await this.#headsOf(seconds)) this.#deps.broadcaster.tellHead(id, pts);
    });
    if (!isJoined) every(sweepEvery, this.#inbox, (seconds) => this.#tellInboxes(seconds));
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([this.#members, this.#alerts, this.#heads, this.#inbox].map((look) => look.ended));
  }

  /**
   * Whether pushes of other nodes may reach who is connected here: a node that reaches them and not the database would
   * tell someone who was removed meanwhile what they may not hear. What is withheld is told once it sees again.
   */
  handsOn(): boolean {
    if (this.#members.age < BLIND_AFTER_MS) return true;
    this.#withheldSince ??= Date.now();
    return false;
  }

  /** Pushes may have been lost, in both directions: everybody who may be concerned is told, on all nodes. */
  async missed(sinceMs: number): Promise<void> {
    const { broadcaster } = this.#deps;
    const seconds = (Date.now() - sinceMs) / 1000 + REACH_BACK_SECONDS;
    for (const { id, pts } of await this.#headsOf(seconds))
      broadcaster.toConversation(id, "ConversationHead", { conversationId: id, pts });
    for (const { user_id } of await this.#inboxes(seconds))
      broadcaster.toUser(user_id, "SyncRequired", { reason: "inbox" });
  }

  async #headsOf(seconds: number): Promise<{ id: ConversationId; pts: number }[]> {
    const { rows } = await sql<{ id: ConversationId; pts: number }>`
      select conversation_id as id, max(pts) as pts from conversation_changes
      where created_at > now() - make_interval(secs => ${seconds})
      group by lane, conversation_id`.execute(this.#deps.db);
    return rows;
  }

  async #inboxes(seconds: number): Promise<{ user_id: UserId; user_pts: number }[]> {
    const { rows } = await sql<{ user_id: UserId; user_pts: number }>`
      select user_id, max(user_pts) as user_pts from user_inbox
      where event <> 'ReadMarkUpdated' and (event <> 'SettingsUpdated' or conversation_id is null)
        and created_at > now() - make_interval(secs => ${seconds})
      group by user_id`.execute(this.#deps.db);
    return rows;
  }

  async #tellInboxes(seconds: number): Promise<void> {
    for (const { user_id, user_pts } of await this.#inboxes(seconds))
      this.#deps.broadcaster.tellInbox(user_id, user_pts);
  }

  async #followMembers(seconds: number): Promise<void> {
    const { db, broadcaster } = this.#deps;
    this.#forget();
    await this.#tellWithheld();
    await broadcaster.follow(async () => {
      const { rows } = await sql<Found>`
        select c.conversation_id as "conversationId", (c.payload ->> 'userId')::uuid as "userId", c.pts as since,
               v.pts, m.user_id is not null as "isMember"
        from conversation_changes c
        join conversations v on v.lane = c.lane and v.id = c.conversation_id
        left join conversation_members m
          on m.lane = c.lane and m.conversation_id = c.conversation_id and m.user_id = (c.payload ->> 'userId')::uuid
         and m.left_pts is null
        where c.event in ('MemberAdded', 'MemberRemoved') and c.created_at > now() - make_interval(secs => ${seconds})
        union all
        select c.id, null, 0, c.pts, true from conversations c where c.created_at > now() - make_interval(secs => ${seconds})
      `.execute(db);
      const news = rows.filter((row) => this.#isNew(`${row.conversationId} ${row.since} ${row.userId ?? ""}`));
      const created = news.flatMap((row) => (row.userId === null ? [row.conversationId] : []));
      const founders = created.length === 0 ? [] : await this.#foundersOf(created);
      return [...news.flatMap((row) => (row.userId === null ? [] : [{ ...row, userId: row.userId }])), ...founders];
    });
  }

  /** Called by a look, so that it comes after one that has seen who is a member. */
  async #tellWithheld(): Promise<void> {
    const since = this.#withheldSince;
    if (since === undefined || this.#members.age >= BLIND_AFTER_MS) return;
    this.#withheldSince = undefined;
    try {
      await this.missed(since);
    } catch (error) {
      this.#withheldSince ??= since;
      throw error;
    }
  }

  /** Who chose anew, whose muting has ended, and who came in: also what a connection that was being set up has missed. */
  async #followAlerts(seconds: number): Promise<void> {
    const { db, broadcaster } = this.#deps;
    await broadcaster.followAlerts(async () => {
      const { rows } = await sql<AlertLevel>`
        with found as (
          select i.user_id, i.conversation_id from user_inbox i
          where i.event = 'SettingsUpdated' and i.subject_id is null
            and i.created_at > now() - make_interval(secs => ${seconds})
          union
          select s.user_id, s.conversation_id from conversation_settings s
          where s.muted_until between now() - make_interval(secs => ${seconds}) and now()
          union
          select (c.payload ->> 'userId')::uuid, c.conversation_id from conversation_changes c
          where c.event in ('MemberAdded', 'MemberRemoved') and c.created_at > now() - make_interval(secs => ${seconds})
        )
        select m.user_id as "userId", m.conversation_id as "conversationId",
               alert_level(m.lane, m.conversation_id, m.user_id) as level
        from found f
        join conversation_members m
          on m.user_id = f.user_id and m.left_pts is null
         and (f.conversation_id is null or m.conversation_id = f.conversation_id)`.execute(db);
      return rows;
    });
  }

  async #foundersOf(ids: readonly ConversationId[]): Promise<Membership[]> {
    const { rows } = await sql<Membership>`
      select m.conversation_id as "conversationId", m.user_id as "userId", v.pts, true as "isMember"
      from conversation_members m join conversations v on v.lane = m.lane and v.id = m.conversation_id
      where (m.lane, m.conversation_id) in (
        select * from unnest(${ids.map(laneOf)}::smallint[], ${ids}::uuid[]))
        and m.left_pts is null`.execute(this.#deps.db);
    return rows;
  }

  #isNew(key: string): boolean {
    const isNew = !this.#seen.has(key);
    this.#seen.set(key, performance.now());
    return isNew;
  }

  #forget(): void {
    const oldest = performance.now() - 4 * REACH_BACK_SECONDS * 1000;
    for (const [key, at] of this.#seen) if (at < oldest) this.#seen.delete(key);
  }
}

interface Found extends Omit<Membership, "userId"> {
  /** Null: all who were in it when it was made. */
  readonly userId: UserId | null;
  /** The pts of the change itself. */
  readonly since: number;
}

/** One kind of look, never two at once. While the database is away it waits, and then reaches back to the last that saw something. */
class Look {
  ended: Promise<void> | undefined;
  #since = performance.now();

  /** Milliseconds since the beginning of the last one that saw something. */
  get age(): number {
    return performance.now() - this.#since;
  }

  begin(work: (seconds: number) => Promise<void>, onError: (error: unknown) => void): void {
    if (this.ended !== undefined) return;
    const now = performance.now();
    this.ended = work((now - this.#since) / 1000 + REACH_BACK_SECONDS)
      .then(() => {
        this.#since = now;
      })
      .catch((error) => {
        if (!(error instanceof Unavailable)) onError(error);
      })
      .finally(() => {
        this.ended = undefined;
      });
  }
}
