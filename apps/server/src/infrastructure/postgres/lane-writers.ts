import { type ConversationId, laneOf } from "@hubbub/contract";
import {
  type Batch,
  type ConversationWriter,
  type TransactionJob,
  Unavailable,
} from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";
import { currentTrace, inTrace } from "../../ports/trace.ts";
import { sqlState } from "./errors.ts";
import { PublishQueue } from "./publish-queue.ts";
import { type Caller, WaitingCallers } from "./waiting-callers.ts";

const PATIENCE_MS = 8_000;
/** Milliseconds before the database is tried again after the connection was lost. */
const RETRY_MS = 100;
/** Serialization failure and deadlock: the same batch may go through at once. */
const RETRYABLE_STATES: ReadonlySet<string | undefined> = new Set(["40001", "40P01"]);

export interface LaneWritersDeps {
  readonly db: Database;
  /** How many lanes groups are written side by side, each over a connection of its own. */
  readonly writers: number;
  /** Repairs what live connections know of conversations whose last write had an unknown outcome. */
  readonly reconcile: (conversations: readonly ConversationId[]) => Promise<void>;
  readonly onCommitted?: (kind: "batch" | "transaction", changes: number, seconds: number) => void;
  /** A failure that no caller is there to be told of. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds until a caller is told that it did not work; what was asked may still happen [L6]. Default 8,000. */
  readonly patience?: number;
}

/** A few serial writers; a conversation's lane decides which one is its own. */
export class LaneWriters implements ConversationWriter {
  readonly #writers: readonly LaneWriter[];

  constructor(deps: LaneWritersDeps) {
    this.#writers = Array.from({ length: deps.writers }, () => new LaneWriter(deps));
  }

  transaction<T>(job: TransactionJob<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const conversations = [job.conversationId, ...(job.others ?? [])];
      const [writer, ...others] = this.#ofAll(conversations);
      const caller = { resolve, reject };
      const traceId = currentTrace();
      if (!writer.callers.add(caller)) return;
      const isWanted = () => writer.callers.has(caller);
      const doubt = () => {
        for (const id of conversations) this.#of(id).doubt(id);
      };
      const transact = () => inTrace(traceId, () => writer.transact(job, caller, doubt));
      writer.enqueue({
        isWanted,
        run: others.reduceRight((inner, other) => () => other.hold(isWanted, inner), transact),
      });
    });
  }

  batched<Item extends { readonly conversationId: ConversationId }, Outcome>(
    batch: Batch<Item, Outcome>,
  ): (item: Item) => Promise<Outcome> {
    const gathering = new Map<LaneWriter, Waiting<Item, Outcome>[]>();
    return (item) =>
      new Promise((resolve, reject) => {
        const writer = this.#of(item.conversationId);
        const waiting = { item, resolve, reject };
        if (!writer.callers.add(waiting)) return;
        const group = gathering.get(writer);
        if (group !== undefined && group.length < batch.most) {
          group.push(waiting);
          return;
        }
        const fresh = [waiting];
        gathering.set(writer, fresh);
        writer.enqueue({
          isWanted: () => fresh.some((each) => writer.callers.has(each)),
          run: () => {
            if (gathering.get(writer) === fresh) gathering.delete(writer);
            return writer.runBatch(batch, fresh);
          },
        });
      });
  }

  /** Resolves when everything that was asked has been done or refused. */
  async drain(): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.drain()));
  }

  /** Each once, always in the same order: two jobs that need the same writers do not wait for each other. */
  #ofAll(conversations: readonly ConversationId[]): [LaneWriter, ...LaneWriter[]] {
    const wanted = new Set(conversations.map((id) => this.#of(id)));
    const [first, ...others] = this.#writers.filter((writer) => wanted.has(writer));
    if (first === undefined) throw new RangeError("A transaction is about a conversation");
    return [first, ...others];
  }

  #of(conversation: ConversationId): LaneWriter {
    const writer = this.#writers[laneOf(conversation) % this.#writers.length];
    if (writer === undefined) throw new RangeError("There must be at least one writer");
    return writer;
  }
}

interface Answerable<Answer> extends Caller {
  readonly resolve: (answer: Answer) => void;
}

interface Waiting<Item, Outcome> extends Answerable<Outcome> {
  readonly item: Item;
}

interface Job {
  /** Whether anybody still waits for it. */
  readonly isWanted: () => boolean;
  /** Never rejects: it tells its callers. Ends at once when it is not wanted. */
  readonly run: () => Promise<void>;
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Does one job after another. */
class LaneWriter {
  readonly callers: WaitingCallers;
  readonly #deps: LaneWritersDeps;
  readonly #published: PublishQueue;
  /** Conversations whose last write may have been committed without being published. */
  readonly #uncertain = new Set<ConversationId>();
  #queue: Job[] = [];
  #working: Promise<void> | undefined;
  #draining = false;

  constructor(deps: LaneWritersDeps) {
    this.callers = new WaitingCallers(deps.patience ?? PATIENCE_MS);
    this.#deps = deps;
    this.#published = new PublishQueue(deps.onError);
  }

  enqueue(job: Job): void {
    this.#queue.push(job);
    this.#working ??= inTrace(null, () => this.#work());
  }

  /** From now on nobody is connected whose knowledge would need repair. */
  async drain(): Promise<void> {
    this.#draining = true;
    await this.#working;
    this.#published.flush();
  }

  /** Does nothing else while `work` goes on elsewhere. */
  hold(isWanted: () => boolean, work: () => Promise<void>): Promise<void> {
    return new Promise((resolve) => this.enqueue({ isWanted, run: () => work().then(resolve) }));
  }

  /** What was written there may have been committed without being published. */
  doubt(conversation: ConversationId): void {
    this.#uncertain.add(conversation);
  }

  /** @param doubt called where the outcome is not known */
  async transact<T>({ work, publish }: TransactionJob<T>, caller: Answerable<T>, doubt: () => void): Promise<void> {
    if (!this.callers.has(caller)) return;
    const begun = performance.now();
    try {
      const result = await this.#deps.db.transaction().execute(work);
      this.#deps.onCommitted?.("transaction", 1, (performance.now() - begun) / 1000);
      this.#published.now(() => publish(result));
      await endOfTurn(); // what was published has left before the answer: nothing reaches a removed member after it
      caller.resolve(result);
    } catch (error) {
      if (error instanceof Unavailable) doubt();
      caller.reject(error);
    } finally {
      this.callers.remove(caller);
    }
  }

  /** Tries until it is stored, refused, or everyone's patience has ended. */
  async runBatch<Item extends { readonly conversationId: ConversationId }, Outcome>(
    batch: Batch<Item, Outcome>,
    items: readonly Waiting<Item, Outcome>[],
  ): Promise<void> {
    for (;;) {
      const left = items.filter((item) => this.callers.has(item));
      if (left.length === 0) return;
      const begun = performance.now();
      const outcomes = await this.#attempt(batch, left);
      if (outcomes === "settled") return;
      if (outcomes !== "again") {
        this.#deps.onCommitted?.("batch", left.length, (performance.now() - begun) / 1000);
        left.forEach((waiting, index) => {
          const outcome = outcomes[index];
          this.callers.remove(waiting);
          if (outcome !== undefined) waiting.resolve(outcome);
        });
        this.#published.later(() => batch.publish(outcomes));
        return;
      }
      await Bun.sleep(RETRY_MS);
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
      if (first !== undefined && items.length === 1) {
        this.callers.remove(first);
        first.reject(error);
      } else {
        const middle = Math.ceil(items.length / 2);
        await this.runBatch(batch, items.slice(0, middle));
        await this.runBatch(batch, items.slice(middle));
      }
      return "settled";
    }
  }

  async #work(): Promise<void> {
    // what arrives together is one batch: without this the first of ten sends would be committed alone, and the others wait
    await endOfTurn();
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      await job.run();
      await this.#recover();
    }
    // in the same step as the last look at the queue, or a job that comes in between would never be done
    this.#working = undefined;
  }

  /**
   * After a write of unknown outcome nothing more is written until it is known: a removal that was committed must end
   * delivery before the next message. Meanwhile callers lose their patience.
   */
  async #recover(): Promise<void> {
    while (this.#uncertain.size > 0 && !this.#draining) {
      try {
        await this.#deps.reconcile([...this.#uncertain]);
        this.#uncertain.clear();
      } catch (error) {
        if (error instanceof Unavailable) {
          this.#dropUnwanted();
          await Bun.sleep(RETRY_MS);
        } else {
          this.#deps.onError(error);
          this.#uncertain.clear();
        }
      }
    }
  }

  /** However long the database is away, no more is kept than what somebody waits for. */
  #dropUnwanted(): void {
    const unwanted = this.#queue.filter((job) => !job.isWanted());
    this.#queue = this.#queue.filter((job) => job.isWanted());
    for (const job of unwanted) void job.run();
  }
}
