import { type Context, context, type Span } from "@opentelemetry/api";
import { type AnyIterator, iteratorOf } from "../hub/server-stream.ts";
import { recordFailure } from "./failures.ts";
import type { Scope } from "./scope.ts";

/** What a streaming method returned: each step of it runs within the span, which lasts until the stream ends in whatever way. */
export class TracedStream implements AsyncIterable<unknown> {
  readonly #source: unknown;
  readonly #target: string;
  readonly #scope: Scope;

  constructor(source: unknown, target: string, scope: Scope) {
    this.#source = source;
    this.#target = target;
    this.#scope = scope;
  }

  /** @throws TypeError when there is nothing to iterate over */
  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    try {
      return new TracedIterator(iteratorOf(this.#source, this.#target), this.#scope);
    } catch (error) {
      recordFailure(this.#scope.span, error);
      this.#scope.span.end();
      throw error;
    }
  }
}

class TracedIterator implements AsyncIterator<unknown> {
  readonly #source: AnyIterator;
  readonly #span: Span;
  readonly #within: Context;
  #ended = false;

  constructor(source: AnyIterator, { span, within }: Scope) {
    this.#source = source;
    this.#span = span;
    this.#within = within;
  }

  async next(): Promise<IteratorResult<unknown>> {
    try {
      const step = await context.with(this.#within, () => this.#source.next());
      if (step.done) this.#end();
      return step;
    } catch (error) {
      if (!this.#ended) recordFailure(this.#span, error);
      this.#end();
      throw error;
    }
  }

  /** Nobody waits for more: what the source's own clean-up does and throws comes after the span. */
  async return(): Promise<IteratorResult<unknown>> {
    this.#end();
    return (await context.with(this.#within, () => this.#source.return?.())) ?? { done: true, value: undefined };
  }

  #end(): void {
    if (!this.#ended) this.#span.end();
    this.#ended = true;
  }
}
