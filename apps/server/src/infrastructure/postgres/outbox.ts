import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import type { Outbox, OutboxConsumer, OutboxEvent } from "../../ports/outbox.ts";

/** A crashed node's rows are taken over when its claim has run out. */
const CLAIM_SECONDS = 30;
/** Rows that one take-over or removal concerns. */
const BATCH = 500;
/** Milliseconds between looks for rows left behind. */
const SWEEP_MS = 10_000;

export interface PostgresOutboxDeps {
  readonly db: Database;
  readonly consumers: readonly OutboxConsumer[];
  readonly onError: (error: unknown) => void;
}

/**
 * Hands committed events to their consumers, one after another, and then removes their rows. What a crash or a
 * failing consumer leaves is taken over by a sweep, here or on another node [L9].
 */
export class PostgresOutbox implements Outbox {
  readonly node = crypto.randomUUID();
  readonly claimSeconds = CLAIM_SECONDS;
  readonly #deps: PostgresOutboxDeps;
  readonly #waiting: OutboxEvent[] = [];
  #working: Promise<void> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: PostgresOutboxDeps) {
    this.#deps = deps;
  }

  start(): void {
    const sweep = () => void this.#takeOver().catch(this.#deps.onError);
    this.#timer = setInterval(sweep, SWEEP_MS);
    sweep();
  }

  /** Ends what has been handed over; what cannot be ended stays in the table. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
  }

  handOver(events: readonly OutboxEvent[]): void {
    for (const event of events) this.#waiting.push(event);
    if (this.#waiting.length === 0) return;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const events = this.#waiting.splice(0, BATCH);
      const done: OutboxEvent[] = [];
      for (const event of events) if (await this.#consumed(event)) done.push(event);
      await this.#remove(done);
    }
  }

  async #consumed(event: OutboxEvent): Promise<boolean> {
    try {
      for (const consumer of this.#deps.consumers)
        if (consumer.events.includes(event.event)) await consumer.consume(event);
      return true;
    } catch (error) {
      this.#deps.onError(error);
      return false;
    }
  }

  async #remove(done: readonly OutboxEvent[]): Promise<void> {
    if (done.length === 0) return;
    try {
      await sql`
        delete from outbox o
        using unnest(${done.map(({ lane }) => lane)}::smallint[], ${done.map(({ id }) => id)}::bigint[]) as d(lane, id)
        where o.lane = d.lane and o.id = d.id
      `.execute(this.#deps.db);
    } catch (error) {
      this.#deps.onError(error); // they come again, and their consumers are idempotent
    }
  }

  async #takeOver(): Promise<void> {
    const { rows } = await sql<OutboxEvent>`
      update outbox o set claimed_by = ${this.node}::uuid, claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS})
      from (
        select lane, id from outbox where claimed_until < now()
        order by lane, id limit ${BATCH} for update skip locked
      ) left_behind
      where o.lane = left_behind.lane and o.id = left_behind.id
      returning o.lane, o.id, o.event_id as "eventId", o.event, o.conversation_id as "conversationId", o.pts,
                o.actor_id as "actorId", o.payload
    `.execute(this.#deps.db);
    this.handOver(rows.toSorted((a, b) => a.lane - b.lane || a.id - b.id));
  }
}
