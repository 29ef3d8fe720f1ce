import type { ConversationId } from "@hubbub/contract";
import type { Database, Transactor } from "./database.ts";

/**
 * All durable changes of conversations go through here. Those of one lane run one after another on this node, so
 * they are published in the order in which they were committed [L8] [L19].
 *
 * Where the database cannot be reached, or does not answer within the deadline, callers get `Unavailable`; what they
 * asked may then have happened or not [L6].
 */
export interface ConversationWriter {
  transaction<T>(job: TransactionJob<T>): Promise<T>;

  /**
   * Groups what is waiting into one call: nothing waits on a timer, the next batch gathers while a commit is in
   * flight. A batch that fails for what is in it is split until the bad item stands alone [L4].
   */
  batched<Item extends { readonly conversationId: ConversationId }, Outcome>(
    batch: Batch<Item, Outcome>,
  ): (item: Item) => Promise<Outcome>;
}

export interface TransactionJob<T> {
  readonly conversationId: ConversationId;
  /** More that it changes: the writers of all of them wait for it. */
  readonly others?: readonly ConversationId[];
  /** Locks the rows of the conversations first, in the order of their ids [L7]. */
  readonly work: (tx: Transactor) => Promise<T>;
  /** After a durable commit, in the order of commits, before the caller has its answer. */
  readonly publish: (result: T) => void;
}

export interface Batch<Item, Outcome> {
  /** Items in one call. */
  readonly most: number;
  /**
   * Must be idempotent: it is repeated when a connection was lost, as the commit may have happened.
   * @returns one outcome an item, in order
   */
  readonly run: (db: Database, items: readonly Item[]) => Promise<readonly Outcome[]>;
  /** In the order of commits, after the callers have their answers. */
  readonly publish: (outcomes: readonly Outcome[]) => void;
}

/** The database could not be reached, or not in time. Retryable. */
export class Unavailable extends Error {
  constructor(message = "The database cannot be reached", options?: ErrorOptions) {
    super(message, options);
    this.name = "Unavailable";
  }
}
