import { MessageType, type Outcome, type StreamItemMessage } from "../protocol/messages.ts";
import type { HubCall } from "./hub-call.ts";
import type { HubTypes } from "./hub-types.ts";

/** What a streaming method may return. */
export type StreamSource = AsyncIterable<unknown> | Iterable<unknown>;

/** Where a stream's items go. */
export interface StreamOutput {
  write(message: StreamItemMessage): void;
  /** @returns when more may be sent without piling up */
  whenWritable(): Promise<void> | undefined;
}

export type AnyIterator = Iterator<unknown> | AsyncIterator<unknown>;

/**
 * Sends what a streaming method yields, item by item, no faster than the client reads; ends at once when the caller
 * cancels, without waiting for an item that may never come.
 * @throws whatever the source throws
 */
export async function sendStream<Types extends HubTypes>(
  output: StreamOutput,
  call: HubCall<Types>,
  invocationId: string,
  source: unknown,
): Promise<Outcome> {
  const iterator = iteratorOf(source, call.target);
  try {
    for (;;) {
      const step = await nextUnlessCancelled(iterator, call);
      if (step === cancelled || step.done) return { kind: "void" };
      output.write({ type: MessageType.streamItem, invocationId, item: step.value });
      await output.whenWritable();
    }
  } finally {
    // After a natural end this does nothing; after a cancellation it runs the source's own clean-up, on its own time.
    Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

const cancelled = Symbol("cancelled");

function nextUnlessCancelled<Types extends HubTypes>(
  iterator: AnyIterator,
  call: HubCall<Types>,
): Promise<IteratorResult<unknown> | typeof cancelled> {
  return new Promise((resolve, reject) => {
    call.onCancel(() => resolve(cancelled));
    if (call.isCancelled) return;
    Promise.resolve(iterator.next()).then(resolve, reject);
  });
}

/** @throws TypeError when there is nothing to iterate over */
export function iteratorOf(source: unknown, target: string): AnyIterator {
  if (isAsyncIterable(source)) return source[Symbol.asyncIterator]();
  if (isIterable(source)) return source[Symbol.iterator]();
  throw new TypeError(`The value returned by the streaming method '${target}' cannot be iterated.`);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
