import type { OperationRow } from "@hubbub/contract";
import type { HubMethods, HubOutcome } from "../ports/hub-methods.ts";
import { inTrace } from "../ports/trace.ts";
import { failureOfThrown, sentenceOf } from "./failure-text.ts";
import type { Operation, Origin } from "./operation.ts";
import { type Failure, fail, ok, type Result } from "./result.ts";
import { newTraceId } from "./trace-id.ts";

type HubRow = NonNullable<OperationRow["hub"]>;

/** A hub's connection was judged when it was made. */
const FROM_HUB: Origin = { address: "", isLoopback: false, site: "own" };

/** The operations that the hub offers, as its methods. */
export function hubMethodsOf(operations: readonly Operation[], onError: (error: unknown) => void): HubMethods {
  const methods: Record<string, HubMethods[string]> = {};
  for (const operation of operations) {
    const { hub } = operation.row;
    if (hub === undefined) continue;
    const call: HubMethods[string] = async (actor, args) => {
      const input = inputOf(hub, args);
      if (!input.ok) return refused(input.failure);
      try {
        const result = await operation.call(input.value, actor, FROM_HUB);
        return result.ok ? { ok: true, value: result.value.hub } : refused(result.failure);
      } catch (error) {
        const failure = failureOfThrown(error);
        if (failure.code === "INTERNAL") onError(error);
        return refused(failure);
      }
    };
    methods[hub.method] = (actor, args) => inTrace(newTraceId(), () => call(actor, args));
  }
  return methods;
}

/** The operation's input as this method's arguments tell it: the one argument, or one field each. */
function inputOf({ method, arguments: fields }: HubRow, args: readonly unknown[]): Result<unknown> {
  const wanted = fields?.length ?? 1;
  if (args.length !== wanted)
    return fail("VALIDATION_FAILED", `${method} takes ${wanted} ${wanted === 1 ? "argument" : "arguments"}.`);
  return ok(fields === undefined ? args[0] : Object.fromEntries(fields.map((field, index) => [field, args[index]])));
}

function refused(failure: Failure): HubOutcome {
  return { ok: false, error: `${failure.code}: ${sentenceOf(failure)}` };
}
