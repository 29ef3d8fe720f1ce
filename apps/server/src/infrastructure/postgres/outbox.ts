import { type ConversationId, laneOf } from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import { Unavailable } from "../../ports/conversation-writer.ts";
import type { Database, Transactor } from "../../ports/database.ts";
import type { DeadLetter, DeadLetters, NewEvent, Outbox, OutboxConsumer, OutboxEvent } from "../../ports/outbox.ts";
import { currentTrace, inTrace } from "../../ports/trace.ts";

/** A crashed node's rows are taken over when its claim has run out. */
const CLAIM_SECONDS = 30;
/** Rows that one take-over or removal concerns. */
const BATCH = 500;
/** Milliseconds between looks for rows left behind. */
const SWEEP_MS = 10_000;
/** Milliseconds before an event is tried again while the database is away. */
const RETRY_MS = 250;
/** Milliseconds that a stop waits for a database that does not answer. */
const STOP_MS = 5_000;
/** Seconds from a failed try to the next; after the last of them there is one more try, and then none [L9]. */
const DELAYS: readonly number[] = [5, 30, 120, 600];
/** Milliseconds after which one event that does not end is a fault of this node. */
const STUCK_MS = 60_000;
const MOST_ERROR_TEXT = 500;

export interface PostgresOutboxDeps {
  readonly db: Database;
  readonly onError: (error: unknown, about?: { readonly event: string; readonly eventId: string }) => void;
  /** An event has become a dead letter. */
  readonly onDeadLetter?: (event: OutboxEvent, error: unknown) => void;
  /** No other node uses this database: whatever an earlier run has claimed is free at once. */
  readonly isAlone?: boolean;
}

/** An event in this node's hands, with what earlier tries have left. */
interface Claimed {
  readonly event: OutboxEvent;
  readonly tries: number;
  readonly doneBy: readonly string[];
}

/**
 * Hands committed events to their consumers, one after another, and then removes their rows. What a crash or a
 * failing consumer leaves is taken over by a sweep, here or on another node; what fails too often is put aside as a
 * dead letter, and its lane goes on [L9].
 */
export class PostgresOutbox implements Outbox, DeadLetters {
  readonly node = crypto.randomUUID();
  readonly claimSeconds = CLAIM_SECONDS;
  readonly #deps: PostgresOutboxDeps;
  readonly #consumers: OutboxConsumer[] = [];
  readonly #waiting: Claimed[] = [];
  #working: Promise<void> | undefined;
  #sweeping: Promise<void> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #stopping = false;
  /** When the event at hand was begun. */
  #begun: number | undefined;

  constructor(deps: PostgresOutboxDeps) {
    this.#deps = deps;
  }

  /** Before the start, and before anything is handed over. */
  register(consumers: readonly OutboxConsumer[]): void {
    this.#consumers.push(...consumers);
  }

  start(): void {
    this.#timer = setInterval(() => this.#sweep(EXPIRED), SWEEP_MS);
    this.#sweep(this.#deps.isAlone ? sql`claimed_by <> ${this.node}::uuid` : EXPIRED);
  }

  /** Ends what has been handed over; what cannot be ended stays in the table. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await Promise.race([Promise.all([this.#sweeping, this.#working]), Bun.sleep(STOP_MS)]);
  }

  /** Of all nodes; events beyond 10,000 are not counted. */
  async statistics() {
    const { rows } = await sql<{ waiting: number; oldestSeconds: number; retrying: number; deadLetters: number }>`
      select count(*) filter (where tries = 0) as waiting, count(*) filter (where tries > 0) as retrying,
             coalesce(extract(epoch from now() - min(created_at) filter (where tries = 0)), 0)::float8 as "oldestSeconds",
             (select count(*) from dead_letters) as "deadLetters"
      from (select tries, created_at from outbox order by lane, id limit 10000) o`.execute(this.#deps.db);
    return rows[0] ?? { waiting: 0, oldestSeconds: 0, retrying: 0, deadLetters: 0 };
  }

  /** Whether a consumer, or the database under it, has not come to an end for long. */
  get isStuck(): boolean {
    return this.#begun !== undefined && performance.now() - this.#begun > STUCK_MS;
  }

  async write(tx: Transactor, event: NewEvent): Promise<OutboxEvent> {
    const lane = laneOf(event.conversationId ?? event.userId);
    const traceId = currentTrace();
    const { rows } = await sql<{ id: number; event_id: string }>`
      insert into outbox (lane, event, conversation_id, user_id, actor_id, payload, trace_id, claimed_by, claimed_until, created_at)
      values (${lane}, ${event.event}, ${event.conversationId}, ${event.userId}, ${event.actorId},
              ${event.payload}::jsonb, ${traceId}, ${this.node}::uuid,
              clock_timestamp() + make_interval(secs => ${CLAIM_SECONDS}), clock_timestamp())
      returning id, event_id`.execute(tx);
    const [row] = rows;
    if (row === undefined) throw new Error("An event was not written");
    return { ...event, lane, id: row.id, eventId: row.event_id, pts: null, traceId };
  }

  handOver(events: readonly OutboxEvent[]): void {
    this.#take(events.map((event) => ({ event, tries: 0, doneBy: [] })));
  }

  /**
   * Hands over what this node wrote in transactions whose outcome it did not hear. What was handed over already may
   * come again, in the same order.
   * @param conversations in which nothing is being written now
   */
  async recover(conversations: readonly ConversationId[]): Promise<void> {
    const ofThese = sql`o.claimed_by = ${this.node}::uuid and o.tries = 0 and (o.lane, o.conversation_id) in (
      select * from unnest(${conversations.map(laneOf)}::smallint[], ${conversations}::uuid[]))`;
    const { rows } = await sql<Row>`
      select ${columns} from outbox o where ${ofThese} order by o.lane, o.id
    `.execute(this.#deps.db);
    this.#take(rows.map(claimedOf));
  }

  async list(limit: number, before?: string): Promise<DeadLetter[]> {
    const { rows } = await sql<DeadLetter>`
      select event_id as id, event, conversation_id as "conversationId", user_id as "userId", tries, error,
             trace_id as "traceId", created_at as "createdAt", died_at as "diedAt"
      from dead_letters where ${before === undefined ? sql`true` : sql`event_id < ${before}::uuid`}
      order by event_id desc limit ${limit}`.execute(this.#deps.db);
    return rows;
  }

  async requeue(id: string): Promise<boolean> {
    const { rows } = await sql<Row>`
      with letter as (delete from dead_letters where event_id = ${id}::uuid returning *)
      insert into outbox as o (lane, event_id, event, conversation_id, user_id, pts, actor_id, payload, trace_id, done_by,
                               claimed_by, claimed_until, created_at)
      select lane, event_id, event, conversation_id, user_id, pts, actor_id, payload, trace_id, done_by,
             ${this.node}::uuid, now() + make_interval(secs => ${CLAIM_SECONDS}), created_at
      from letter returning ${columns}`.execute(this.#deps.db);
    this.#take(rows.map(claimedOf));
    return rows.length > 0;
  }

  #take(claimed: readonly Claimed[]): void {
    for (const each of claimed) this.#waiting.push(each);
    if (this.#waiting.length > 0) this.#working ??= inTrace(null, () => this.#work());
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      const done: OutboxEvent[] = [];
      for (const claimed of await this.#consumedTogether(batch)) {
        this.#begun = performance.now();
        if (await inTrace(claimed.event.traceId, () => this.#consumed(claimed))) done.push(claimed.event);
        this.#begun = undefined;
      }
      await this.#remove(done);
    }
    // in the same step as the last look, or an event that comes in between would wait for the next one
    this.#working = undefined;
  }

  /** Hands many at once to the consumers that take them so. @returns them all, with what was done */
  async #consumedTogether(batch: readonly Claimed[]): Promise<readonly Claimed[]> {
    let claimed = batch;
    for (const { name, events, consumeAll } of this.#consumers) {
      const theirs = claimed.filter(
        ({ event, tries, doneBy }) => tries === 0 && !doneBy.includes(name) && events.includes(event.event),
      );
      const [first] = theirs;
      if (consumeAll === undefined || first === undefined || theirs.length < 2) continue;
      this.#begun = performance.now();
      const outcome = await this.#throughOutages(first.event, () => consumeAll(theirs.map(({ event }) => event)));
      const done = outcome === "done" ? new Set(theirs) : new Set<Claimed>();
      claimed = claimed.map((each) => (done.has(each) ? { ...each, doneBy: [...each.doneBy, name] } : each));
    }
    this.#begun = undefined;
    return claimed;
  }

  /** @returns whether the row may go; one that failed has been put off, or aside */
  async #consumed({ event, tries, doneBy }: Claimed): Promise<boolean> {
    const done = new Set(doneBy);
    let failure: { readonly error: unknown } | undefined;
    for (const consumer of this.#consumers) {
      if (done.has(consumer.name) || !consumer.events.includes(event.event)) continue;
      const outcome = await this.#throughOutages(event, () => consumer.consume(event));
      if (outcome === "done") done.add(consumer.name);
      else if (outcome === "stopping") return false;
      else failure ??= outcome;
    }
    if (failure === undefined) return true;
    const { error } = failure;
    await this.#throughOutages(event, () => this.#failed(event, tries + 1, [...done], error));
    return false;
  }

  /** While the database is away nothing counts as a try, and later events wait too, or they would overtake. */
  async #throughOutages(
    event: OutboxEvent,
    work: () => Promise<void>,
  ): Promise<"done" | "stopping" | { readonly error: unknown }> {
    for (let isNews = true; ; isNews = false) {
      try {
        await work();
        return "done";
      } catch (error) {
        if (isNews) this.#deps.onError(error, event);
        if (!(error instanceof Unavailable)) return { error };
        if (this.#stopping) return "stopping";
        await Bun.sleep(RETRY_MS);
      }
    }
  }

  /** A row that another node has taken over meanwhile is that node's to count. */
  async #failed(event: OutboxEvent, tries: number, doneBy: readonly string[], error: unknown): Promise<void> {
    const ours = sql`lane = ${event.lane} and id = ${event.id} and claimed_by = ${this.node}::uuid`;
    const delay = DELAYS[tries - 1];
    if (delay !== undefined) {
      await sql`
        update outbox set tries = ${tries}, done_by = ${doneBy}::text[], trace_id = ${event.traceId},
                          claimed_until = now() + make_interval(secs => ${delay})
        where ${ours}`.execute(this.#deps.db);
      return;
    }
    const { rows } = await sql`
      with dead as (delete from outbox where ${ours} returning *)
      insert into dead_letters (event_id, lane, event, conversation_id, user_id, pts, actor_id, payload, trace_id, tries,
                                done_by, error, created_at)
      select event_id, lane, event, conversation_id, user_id, pts, actor_id, payload, ${event.traceId}, ${tries}::smallint,
             ${doneBy}::text[], ${textOf(error)}, created_at
      from dead returning event_id`.execute(this.#deps.db);
    if (rows.length > 0) this.#deps.onDeadLetter?.(event, error);
  }

  async #remove(done: readonly OutboxEvent[]): Promise<void> {
    if (done.length === 0) return;
    try {
      await sql`
        select remove_outbox_rows(${done.map(({ lane }) => lane)}::smallint[], ${done.map(({ id }) => id)}::bigint[])
      `.execute(this.#deps.db);
    } catch (error) {
      this.#deps.onError(error); // they come again, and their consumers are idempotent
    }
  }

  #sweep(free: RawBuilder<unknown>): void {
    this.#sweeping ??= this.#takeOver(free)
      .catch(this.#deps.onError)
      .finally(() => {
        this.#sweeping = undefined;
      });
  }

  async #takeOver(free: RawBuilder<unknown>): Promise<void> {
    for (let taken = BATCH; taken === BATCH && !this.#stopping; ) {
      const { rows } = await sql<Row>`
        update outbox o set claimed_by = ${this.node}::uuid, claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS})
        from (
          select lane, id from outbox where ${free} order by lane, id limit ${BATCH} for update skip locked
        ) left_behind
        where o.lane = left_behind.lane and o.id = left_behind.id
        returning ${columns}
      `.execute(this.#deps.db);
      taken = rows.length;
      this.#take(rows.toSorted((a, b) => a.lane - b.lane || a.id - b.id).map(claimedOf));
      await this.#working;
    }
  }
}

const EXPIRED = sql`claimed_until < now()`;

type Row = OutboxEvent & { readonly tries: number; readonly doneBy: readonly string[] };

const columns = sql`o.lane, o.id, o.event_id as "eventId", o.event, o.conversation_id as "conversationId",
  o.user_id as "userId", o.pts, o.actor_id as "actorId", o.payload, o.trace_id as "traceId", o.tries, o.done_by as "doneBy"`;

function claimedOf({ tries, doneBy, ...event }: Row): Claimed {
  return { event, tries, doneBy };
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.slice(0, MOST_ERROR_TEXT);
}
