import type { ConversationId } from "@hubbub/contract";
import type { Database, Transactor } from "./database.ts";

/**
 * All durable changes of conversations go through here. Those of one lane run one after another on this node, so
 * they come back, and are published, in the order in which they were committed [L8].
 *
 * When the database cannot be reached, or does not answer within the deadline, both reject with `Unavailable`; what
 * was asked may then have happened or not [L6].
 */
export interface ConversationWriter {
  /** @param work locks the conversation's row first; its result is given back only after a durable commit */
  transaction<T>(conversation: ConversationId, work: (tx: Transactor) => Promise<T>): Promise<T>;

  /**
   * Groups what is waiting into one call: nothing waits on a timer, the next batch gathers while a commit is in
   * flight. A batch that fails for what is in it is split until the bad item stands alone [L4].
   */
  batched<Item extends { readonly conversationId: ConversationId }, Outcome>(
    batch: Batch<Item, Outcome>,
  ): (item: Item) => Promise<Outcome>;
}

export interface Batch<Item, Outcome> {
  /** Items in one call. */
  readonly most: number;
  /**
   * Must be idempotent: it is repeated when a connection was lost, as the commit may have happened.
   * @returns one outcome an item, in order
   */
  readonly run: (db: Database, items: readonly Item[]) => Promise<readonly Outcome[]>;
  /** After the senders have their answers, in the order of commits. */
  readonly publish: (items: readonly Item[], outcomes: readonly Outcome[]) => void;
}

/** The database could not be reached, or not in time. Retryable. */
export class Unavailable extends Error {
  constructor(message = "The database cannot be reached", options?: ErrorOptions) {
    super(message, options);
    this.name = "Unavailable";
  }
}
