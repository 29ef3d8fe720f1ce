import { type ConversationId, laneOf } from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import { Unavailable } from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";
import type { Outbox, OutboxConsumer, OutboxEvent } from "../../ports/outbox.ts";

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

export interface PostgresOutboxDeps {
  readonly db: Database;
  readonly onError: (error: unknown) => void;
  /** No other node uses this database: whatever an earlier run has claimed is free at once. */
  readonly isAlone?: boolean;
}

/**
 * Hands committed events to their consumers, one after another, and then removes their rows. What a crash or a
 * failing consumer leaves is taken over by a sweep, here or on another node [L9].
 */
export class PostgresOutbox implements Outbox {
  readonly node = crypto.randomUUID();
  readonly claimSeconds = CLAIM_SECONDS;
  readonly #deps: PostgresOutboxDeps;
  readonly #consumers: OutboxConsumer[] = [];
  readonly #waiting: OutboxEvent[] = [];
  #working: Promise<void> | undefined;
  #sweeping: Promise<void> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #stopping = false;

  constructor(deps: PostgresOutboxDeps) {
    this.#deps = deps;
  }

  /** Before the start, and before anything is handed over. */
  register(consumers: readonly OutboxConsumer[]): void {
    this.#consumers.push(...consumers);
  }

  start(): void {
    this.#timer = setInterval(() => this.#sweep(sql`claimed_until < now()`), SWEEP_MS);
    this.#sweep(this.#deps.isAlone ? sql`claimed_by <> ${this.node}::uuid` : sql`claimed_until < now()`);
  }

  /** Ends what has been handed over; what cannot be ended stays in the table. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    await Promise.race([Promise.all([this.#sweeping, this.#working]), Bun.sleep(STOP_MS)]);
  }

  handOver(events: readonly OutboxEvent[]): void {
    for (const event of events) this.#waiting.push(event);
    if (this.#waiting.length > 0) this.#working ??= this.#work();
  }

  /**
   * Hands over what this node wrote in transactions whose outcome it did not hear. What was handed over already may
   * come again, in the same order.
   * @param conversations in which nothing is being written now
   */
  async recover(conversations: readonly ConversationId[]): Promise<void> {
    const ofThese = sql`o.claimed_by = ${this.node}::uuid and (o.lane, o.conversation_id) in (
      select * from unnest(${conversations.map(laneOf)}::smallint[], ${conversations}::uuid[]))`;
    const { rows } = await sql<OutboxEvent>`
      select ${eventColumns} from outbox o where ${ofThese} order by o.lane, o.id
    `.execute(this.#deps.db);
    this.handOver(rows);
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const events = this.#waiting.splice(0, BATCH);
      const done: OutboxEvent[] = [];
      for (const event of events) if (await this.#consumed(event)) done.push(event);
      await this.#remove(done);
    }
    // in the same step as the last look, or an event that comes in between would wait for the next one
    this.#working = undefined;
  }

  /** While the database is away later events wait too, or they would overtake. */
  async #consumed(event: OutboxEvent): Promise<boolean> {
    const consumers = this.#consumers.filter(({ events }) => events.includes(event.event));
    for (let tries = 1; ; tries++) {
      try {
        for (const consumer of consumers) await consumer.consume(event);
        return true;
      } catch (error) {
        if (tries === 1) this.#deps.onError(error);
        if (!(error instanceof Unavailable) || this.#stopping) return false;
        await Bun.sleep(RETRY_MS);
      }
    }
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
      const { rows } = await sql<OutboxEvent>`
        update outbox o set claimed_by = ${this.node}::uuid, claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS})
        from (
          select lane, id from outbox where ${free} order by lane, id limit ${BATCH} for update skip locked
        ) left_behind
        where o.lane = left_behind.lane and o.id = left_behind.id
        returning ${eventColumns}
      `.execute(this.#deps.db);
      taken = rows.length;
      this.handOver(rows.toSorted((a, b) => a.lane - b.lane || a.id - b.id));
      await this.#working;
    }
  }
}

const eventColumns = sql`o.lane, o.id, o.event_id as "eventId", o.event, o.conversation_id as "conversationId", o.pts,
  o.actor_id as "actorId", o.payload`;
