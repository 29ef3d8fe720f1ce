import type { Context, Span } from "@opentelemetry/api";

/** A span, and where what belongs to it runs. */
export interface Scope {
  readonly span: Span;
  readonly within: Context;
}
