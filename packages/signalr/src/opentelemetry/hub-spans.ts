import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { HubCall } from "../hub/hub-call.ts";
import type { HubFilter, NextFilter } from "../hub/hub-filter.ts";
import type { HubOptions, HubTypes } from "../hub/hub-options.ts";
import type { HubConnection } from "../hub/hub-types.ts";
import { recordFailure } from "./failures.ts";
import type { Scope } from "./scope.ts";
import { TracedStream } from "./traced-stream.ts";

/** The spans of one hub, with the names and attributes that ASP.NET Core gives them. */
export class HubSpans<Types extends HubTypes> {
  readonly #tracer: Tracer;
  readonly #service: string;
  readonly #originOf: (connection: HubConnection<Types>) => SpanContext | undefined;
  /** Lower case → the name as it was defined: clients may write it in any case. */
  readonly #methods: ReadonlyMap<string, string>;
  readonly #streams: ReadonlyMap<string, string>;

  /** @param originOf what was current when a connection's request came */
  constructor(
    tracer: Tracer,
    { path, methods, streams = {} }: HubOptions<Types>,
    originOf: (connection: HubConnection<Types>) => SpanContext | undefined,
  ) {
    this.#tracer = tracer;
    this.#service = path.replace(/^\//, "");
    this.#originOf = originOf;
    this.#methods = byLowerCase(methods);
    this.#streams = byLowerCase(streams);
  }

  /** A span around each invocation: a root or what the message's headers name as its parent, linked to the connection's request. */
  readonly filter: HubFilter<Types> = (call, args, next) => {
    const target = call.target.toLowerCase();
    const stream = this.#streams.get(target);
    const method = stream ?? this.#methods.get(target) ?? call.target;
    const origin = this.#originOf(call.connection);
    const links = origin === undefined ? [] : [{ context: origin }];
    const parent = propagation.extract(ROOT_CONTEXT, call.headers);
    const scope = this.#begin(method, parent, { kind: SpanKind.SERVER, links });
    return stream === undefined ? runMethod(scope, call, args, next) : runStream(scope, call, args, next);
  };

  /** Runs a connect or disconnect handler in a span within the connection's request. */
  async runHandler(name: string, connection: HubConnection<Types>, handler: () => unknown): Promise<void> {
    const origin = this.#originOf(connection);
    const parent = origin === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, origin);
    const { span, within } = this.#begin(name, parent, { kind: SpanKind.INTERNAL });
    try {
      await context.with(within, handler);
    } catch (error) {
      recordFailure(span, error);
      throw error;
    } finally {
      span.end();
    }
  }

  #begin(
    method: string,
    parent: Context,
    options: { readonly kind: SpanKind; readonly links?: { context: SpanContext }[] },
  ): Scope {
    const attributes = { "rpc.system": "signalr", "rpc.service": this.#service, "rpc.method": method };
    const span = this.#tracer.startSpan(`${this.#service}/${method}`, { ...options, attributes }, parent);
    return { span, within: trace.setSpan(parent, span) };
  }
}

async function runMethod<Types extends HubTypes>(
  { span, within }: Scope,
  call: HubCall<Types>,
  args: readonly unknown[],
  next: NextFilter,
): Promise<unknown> {
  try {
    return await context.with(within, next, undefined, args);
  } catch (error) {
    if (!isCancellation(call, error)) recordFailure(span, error);
    throw error;
  } finally {
    span.end();
  }
}

async function runStream<Types extends HubTypes>(
  scope: Scope,
  call: HubCall<Types>,
  args: readonly unknown[],
  next: NextFilter,
): Promise<TracedStream> {
  const { span, within } = scope;
  try {
    return new TracedStream(await context.with(within, next, undefined, args), call.target, scope);
  } catch (error) {
    if (!isCancellation(call, error)) recordFailure(span, error);
    span.end();
    throw error;
  }
}

/** Whether a method has given up because its caller has. */
function isCancellation<Types extends HubTypes>(call: HubCall<Types>, error: unknown): boolean {
  return call.isCancelled && error instanceof Error && error.name === "AbortError";
}

function byLowerCase(handlers: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  return new Map(Object.keys(handlers).map((name) => [name.toLowerCase(), name]));
}
