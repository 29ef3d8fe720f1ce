import type { HubCall } from "./hub-call.ts";
import type { HubMethod } from "./hub-method.ts";
import type { HubTypes } from "./hub-types.ts";

/**
 * Goes on to the next filter, or to the method.
 * @param args the call's arguments, or others where a filter wants that
 * @returns what the method returns
 */
export type NextFilter = (args: readonly unknown[]) => unknown;

/**
 * Runs around every method: for authorisation, limits, tracing. It returns what `next` returned, or something else, or
 * throws; a call that must not happen is one for which it does not call `next` (rule D11). What ASP.NET Core calls
 * `IHubFilter`.
 * @typeParam Types what the hub was defined with
 * @param call who called what
 * @param args the arguments as they came from the wire
 * @param next goes on
 */
export type HubFilter<Types extends HubTypes> = (
  call: HubCall<Types>,
  args: readonly unknown[],
  next: NextFilter,
) => unknown;

/** @returns the method with the filters around it, the first one outermost */
export function withFilters<Types extends HubTypes>(
  method: HubMethod<Types>,
  filters: readonly HubFilter<Types>[],
): HubMethod<Types> {
  return filters.reduceRight<HubMethod<Types>>(
    (next, filter) =>
      (call, ...args) =>
        filter(call, args, (changed) => next(call, ...changed)),
    method,
  );
}
