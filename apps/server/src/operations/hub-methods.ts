import type { HubMethods, HubOutcome } from "../ports/hub-methods.ts";
import { failureOfThrown, sentenceOf } from "./failure-text.ts";
import type { Operation, Origin } from "./operation.ts";
import type { Failure } from "./result.ts";

/** A hub's connection was judged when it was made. */
const FROM_HUB: Origin = { address: "", isLoopback: false, site: "own" };

/** The operations that the hub offers, as its methods. */
export function hubMethodsOf(operations: readonly Operation[], onError: (error: unknown) => void): HubMethods {
  const methods: Record<string, HubMethods[string]> = {};
  for (const operation of operations) {
    const { hub } = operation.row;
    if (hub === undefined) continue;
    methods[hub.method] = async (actor, args) => {
      if (args.length !== 1) return refused({ code: "VALIDATION_FAILED", detail: `${hub.method} takes one argument.` });
      try {
        const result = await operation.call(args[0], actor, FROM_HUB);
        return result.ok ? { ok: true, value: result.value.hub } : refused(result.failure);
      } catch (error) {
        const failure = failureOfThrown(error);
        if (failure.code === "INTERNAL") onError(error);
        return refused(failure);
      }
    };
  }
  return methods;
}

function refused(failure: Failure): HubOutcome {
  return { ok: false, error: `${failure.code}: ${sentenceOf(failure)}` };
}
