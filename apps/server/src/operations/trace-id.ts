import { randomBytes } from "node:crypto";

/** As in W3C trace context: 16 bytes, hex. */
export function newTraceId(): string {
  return randomBytes(16).toString("hex");
}

/** The trace that a request belongs to, as its `traceparent` says; else a new one. */
export function traceIdOf(request: Request): string {
  const [, version, traceId] =
    /^([\da-f]{2})-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}(?:-.*)?$/.exec(request.headers.get("traceparent") ?? "") ?? [];
  const isGood = traceId !== undefined && version !== "ff" && !/^0+$/.test(traceId);
  return isGood ? traceId : newTraceId();
}
