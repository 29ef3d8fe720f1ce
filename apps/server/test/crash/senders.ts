import { HubbubError } from "@hubbub/client";
import type { ConversationId, UserId } from "@hubbub/contract";
import type { Acknowledgement, Entry, Ledger } from "./ledger.ts";

/** Milliseconds before an attempt that failed is repeated. */
const REPEAT_MS = 50;
/** Milliseconds after which a message that is still not acknowledged is a failure of the test. */
const PATIENCE_MS = 25_000;

/** Repeats what is retryable until it is done. @throws what is not, and after 25 s whatever came last */
export async function insist<T>(work: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const again = error instanceof HubbubError && error.retryable && performance.now() < until;
      if (!again) throw error;
      await Bun.sleep(REPEAT_MS);
    }
  }
}

export interface Sender {
  readonly senderId: UserId;
  /** One attempt. @throws HubbubError */
  readonly deliver: (entry: Entry) => Promise<Acknowledgement>;
  /** Picks where the next message goes. */
  readonly conversation: () => ConversationId;
}

/** Tries until it is acknowledged. */
export async function deliverInsistently(entry: Entry, deliver: Sender["deliver"]): Promise<void> {
  entry.acknowledgement = await insist(() => {
    entry.attempts++;
    return deliver(entry);
  });
}

/** Sends one message after another, each with one id until it is acknowledged. */
export async function keepSending(
  ledger: Ledger,
  { conversation, senderId, deliver }: Sender,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) await deliverInsistently(ledger.begin(conversation(), senderId), deliver);
}
