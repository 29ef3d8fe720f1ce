import type { Metrics } from "../ports/metrics.ts";
import { failureOfThrown } from "./failure-text.ts";
import type { Operation } from "./operation.ts";

/** The operation, counted and timed however it is called. */
export function observed(operation: Operation, metrics: Pick<Metrics, "operationEnded">): Operation {
  const ended = (outcome: string, begun: number) =>
    metrics.operationEnded(operation.name, outcome, (performance.now() - begun) / 1000);
  return {
    ...operation,
    call: async (...call) => {
      const begun = performance.now();
      try {
        const result = await operation.call(...call);
        ended(result.ok ? "OK" : result.failure.code, begun);
        return result;
      } catch (error) {
        ended(failureOfThrown(error).code, begun);
        throw error;
      }
    },
  };
}
