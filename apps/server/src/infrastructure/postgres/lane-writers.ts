import { type ConversationId, laneOf } from "@hubbub/contract";
import {
  type Batch,
  type ConversationWriter,
  type TransactionJob,
  Unavailable,
} from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";
import { sqlState } from "./errors.ts";
import { PublishQueue } from "./publish-queue.ts";

/** Jobs that may wait for one writer; more are turned away, as they would only time out. */
const MOST_WAITING = 20_000;
/** Milliseconds from asking until the caller is told that it did not work. */
const PATIENCE_MS = 8_000;
/** Milliseconds before a batch is tried again after the connection was lost. */
const RETRY_MS = 100;
/** Serialization failure and deadlock: the same batch may go through at once. */
const RETRYABLE_STATES: ReadonlySet<string | undefined> = new Set(["40001", "40P01"]);

export interface LaneWritersDeps {
  readonly db: Database;
  /** How many lanes groups are written side by side, each over a connection of its own. */
  readonly writers: number;
  /** Repairs what live connections know of conversations whose last write had an unknown outcome. */
  readonly reconcile: (conversations: readonly ConversationId[]) => Promise<void>;
  /** A failure that no caller is there to be told of. */
  readonly onError: (error: unknown) => void;
}

/** A few serial writers; a conversation's lane decides which one is its own. */
export class LaneWriters implements ConversationWriter {
  readonly #writers: readonly LaneWriter[];

  constructor(deps: LaneWritersDeps) {
    this.#writers = Array.from({ length: deps.writers }, () => new LaneWriter(deps));
  }

  transaction<T>(job: TransactionJob<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const writer = this.#of(job.conversationId);
      writer.enqueue({ run: () => writer.transact(job, resolve), reject, conversationId: job.conversationId });
    });
  }

  batched<Item extends { readonly conversationId: ConversationId }, Outcome>(
    batch: Batch<Item, Outcome>,
  ): (item: Item) => Promise<Outcome> {
    const gathering = new Map<LaneWriter, Waiting<Item, Outcome>[]>();
    return (item) =>
      new Promise((resolve, reject) => {
        const writer = this.#of(item.conversationId);
        const group = gathering.get(writer);
        const waiting = { item, resolve, reject, expires: Date.now() + PATIENCE_MS };
        if (group !== undefined && group.length < batch.most) {
          group.push(waiting);
          return;
        }
        const fresh = [waiting];
        gathering.set(writer, fresh);
        writer.enqueue({
          run: () => {
            if (gathering.get(writer) === fresh) gathering.delete(writer);
            return writer.runBatch(batch, fresh);
          },
          reject: (error) => {
            if (gathering.get(writer) === fresh) gathering.delete(writer);
            for (const { reject } of fresh) reject(error);
          },
          conversationId: undefined,
        });
      });
  }

  /** Resolves when everything that was asked has been done or refused. */
  async drain(): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.idle()));
  }

  #of(conversation: ConversationId): LaneWriter {
    const writer = this.#writers[laneOf(conversation) % this.#writers.length];
    if (writer === undefined) throw new RangeError("There must be at least one writer");
    return writer;
  }
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

interface Job {
  readonly run: () => Promise<void>;
  readonly reject: (error: unknown) => void;
  /** Of a transaction: its outcome is unknown if the connection is lost. A batch sees to its own. */
  readonly conversationId: ConversationId | undefined;
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Does one job after another. */
class LaneWriter {
  readonly #deps: LaneWritersDeps;
  readonly #published: PublishQueue;
  readonly #uncertain = new Set<ConversationId>();
  #queue: { readonly job: Job; readonly expires: number }[] = [];
  #working: Promise<void> | undefined;

  constructor(deps: LaneWritersDeps) {
    this.#deps = deps;
    this.#published = new PublishQueue(deps.onError);
  }

  enqueue(job: Job): void {
    if (this.#queue.length >= MOST_WAITING) {
      job.reject(new Unavailable("Too much is waiting to be written"));
      return;
    }
    this.#queue.push({ job, expires: Date.now() + PATIENCE_MS });
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async idle(): Promise<void> {
    await this.#working;
    this.#published.flush();
  }

  async transact<T>({ work, publish }: TransactionJob<T>, resolve: (result: T) => void): Promise<void> {
    const result = await this.#deps.db.transaction().execute(work);
    this.#published.now(() => publish(result));
    await endOfTurn(); // what was published has left before the answer: nothing reaches a removed member after it
    resolve(result);
  }

  /** Tries until it is stored, refused, or everyone's patience has ended. */
  async runBatch<Item extends { readonly conversationId: ConversationId }, Outcome>(
    batch: Batch<Item, Outcome>,
    items: readonly Waiting<Item, Outcome>[],
  ): Promise<void> {
    let left = items;
    while (left.length > 0) {
      const outcomes = await this.#attempt(batch, left);
      if (outcomes === "settled") return;
      if (outcomes !== "again") {
        left.forEach(({ resolve }, index) => {
          const outcome = outcomes[index];
          if (outcome !== undefined) resolve(outcome);
        });
        this.#published.later(() => batch.publish(outcomes));
        return;
      }
      await Bun.sleep(RETRY_MS);
      const now = Date.now();
      for (const { expires, reject } of left) if (expires <= now) reject(new Unavailable());
      left = left.filter(({ expires }) => expires > now);
    }
  }

  async #attempt<Item extends { readonly conversationId: ConversationId }, Outcome>(
    batch: Batch<Item, Outcome>,
    items: readonly Waiting<Item, Outcome>[],
  ): Promise<readonly Outcome[] | "again" | "settled"> {
    try {
      return await batch.run(
        this.#deps.db,
        items.map(({ item }) => item),
      );
    } catch (error) {
      if (error instanceof Unavailable) {
        for (const { item } of items) this.#uncertain.add(item.conversationId);
        return "again";
      }
      if (RETRYABLE_STATES.has(sqlState(error))) return "again";
      const [first] = items;
      if (items.length === 1) first?.reject(error);
      else {
        const middle = Math.ceil(items.length / 2);
        await this.runBatch(batch, items.slice(0, middle));
        await this.runBatch(batch, items.slice(middle));
      }
      return "settled";
    }
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0 || this.#uncertain.size > 0) {
      if (this.#uncertain.size > 0) await this.#recover();
      const jobs = this.#queue;
      this.#queue = [];
      for (const { job, expires } of jobs) await this.#do(job, expires);
    }
  }

  async #do(job: Job, expires: number): Promise<void> {
    if (expires <= Date.now()) {
      job.reject(new Unavailable());
      return;
    }
    try {
      await job.run();
    } catch (error) {
      if (error instanceof Unavailable && job.conversationId !== undefined) this.#uncertain.add(job.conversationId);
      job.reject(error);
    }
  }

  /** Goes on with the queue if the database is still away: its callers have to hear of it in time. */
  async #recover(): Promise<void> {
    const conversations = [...this.#uncertain];
    try {
      await this.#deps.reconcile(conversations);
      for (const id of conversations) this.#uncertain.delete(id);
    } catch (error) {
      if (!(error instanceof Unavailable)) {
        this.#deps.onError(error);
        for (const id of conversations) this.#uncertain.delete(id);
        return;
      }
      await Bun.sleep(RETRY_MS);
    }
  }
}
