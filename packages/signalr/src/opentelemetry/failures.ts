import { type Span, SpanStatusCode } from "@opentelemetry/api";
import { HubError, HubException, HubUnauthorizedError } from "../hub/hub-error.ts";

/** What handlers throw to tell the client something: where it was thrown is of no interest. */
const foreseen = [HubError, HubException, HubUnauthorizedError];

/** Marks a span as failed. */
export function recordFailure(span: Span, thrown: unknown): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  span.setAttribute("error.type", thrown instanceof Error ? thrown.name : "_OTHER");
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  if (!foreseen.some((type) => error instanceof type)) span.recordException(error);
}
