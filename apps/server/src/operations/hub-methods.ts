import type { HubMethodRow } from "@hubbub/contract";
import type { HubMethod, HubMethods, HubOutcome } from "../ports/hub-methods.ts";
import { inTrace } from "../ports/trace.ts";
import { failureOfThrown, sentenceOf } from "./failure-text.ts";
import type { HubOnlyOperation } from "./hub-only-operation.ts";
import type { Operation, Origin } from "./operation.ts";
import { type Failure, fail, ok, type Result } from "./result.ts";
import { newTraceId } from "./trace-id.ts";

/** A hub's connection was judged when it was made. */
const FROM_HUB: Origin = { address: "", isLoopback: false, serverUrl: "", site: "own" };

/** The operations that hubs offer, as their methods. */
export function hubMethodsOf(
  operations: readonly Operation[],
  hubOnly: readonly HubOnlyOperation[],
  onError: (error: unknown) => void,
): HubMethods {
  const methods: Record<string, HubMethod> = {};
  for (const { row, call } of operations) {
    if (row.hub === undefined) continue;
    methods[row.hub.method] = methodOf(row.hub, onError, async (input, actor) => {
      const result = await call(input, actor, FROM_HUB);
      return result.ok ? ok(result.value.hub) : result;
    });
  }
  for (const { row, call } of hubOnly)
    methods[row.hub.method] = { ...methodOf(row.hub, onError, call), streams: row.hub.streams ?? false };
  return methods;
}

function methodOf(row: HubMethodRow, onError: (error: unknown) => void, call: HubOnlyOperation["call"]): HubMethod {
  return {
    on: row.on ?? ["chat"],
    streams: false,
    call: (actor, args, connection) =>
      inTrace(newTraceId(), async () => {
        const input = inputOf(row, args);
        if (!input.ok) return refused(input.failure);
        try {
          const result = await call(input.value, actor, connection);
          return result.ok ? result : refused(result.failure);
        } catch (error) {
          const failure = failureOfThrown(error);
          if (failure.code === "INTERNAL") onError(error);
          return refused(failure);
        }
      }),
  };
}

/** The operation's input as this method's arguments tell it: the one argument, or one field each; the last may be left out. */
function inputOf({ method, arguments: fields }: HubMethodRow, args: readonly unknown[]): Result<unknown> {
  const wanted = fields?.length ?? 1;
  // what is missing of several is the schema's to refuse, or to do without
  if (args.length > wanted || (fields === undefined && args.length < 1))
    return fail("VALIDATION_FAILED", `${method} takes ${wanted} ${wanted === 1 ? "argument" : "arguments"}.`);
  return ok(fields === undefined ? args[0] : Object.fromEntries(args.map((value, index) => [fields[index], value])));
}

function refused(failure: Failure): HubOutcome {
  return { ok: false, failure: { code: failure.code, detail: sentenceOf(failure) } };
}
