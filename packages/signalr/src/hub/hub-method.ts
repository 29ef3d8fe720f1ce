import type { HubCall } from "./hub-call.ts";
import type { HubTypes } from "./hub-types.ts";

/**
 * A method clients invoke: `(call, ...args) => result`. Arguments come unchecked from the wire. What it returns, or
 * resolves to, is the completion; a HubError thrown goes out as its bare text, any other error as a general one (rules
 * E1, E2). `method` makes one whose arguments are checked.
 * @typeParam Types what the hub was defined with
 * @param call who called, and the ways to answer
 * @param args unchecked from the wire
 */
export interface HubMethod<Types extends HubTypes> {
  (call: HubCall<Types>, ...args: unknown[]): unknown;
  /**
   * Judges arguments for a method that is invoked the wrong way, and does not run.
   * @throws what the caller is told
   * @internal
   */
  readonly checkArguments?: (target: string, args: readonly unknown[]) => unknown;
}
