import { errors, type Problem } from "@hubbub/contract";
import { sentenceOf } from "./failure-text.ts";
import type { Failure } from "./result.ts";

/** Seconds after which a retryable failure is worth another try, where it does not say. */
const RETRY_AFTER_SECONDS = 1;

/** A failure as problem details (RFC 9457). */
export function problemResponse(failure: Failure, traceId: string, headers: HeadersInit = {}): Response {
  const { status, retryable, text } = errors[failure.code];
  const retryAfter = failure.retryAfter ?? RETRY_AFTER_SECONDS;
  const problem: Problem = {
    type: `urn:hubbub:error:${failure.code.toLowerCase().replaceAll("_", "-")}`,
    title: text,
    status,
    detail: sentenceOf(failure),
    code: failure.code,
    traceId,
    ...(failure.errors !== undefined && { errors: [...failure.errors] }),
    ...(retryable && { retryAfter }),
    ...(failure.until !== undefined && { until: failure.until }),
  };
  const response = new Response(JSON.stringify(problem), { status, headers });
  response.headers.set("content-type", "application/problem+json");
  if (retryable) response.headers.set("retry-after", String(retryAfter));
  if (status === 401) response.headers.set("www-authenticate", "Bearer");
  return response;
}
