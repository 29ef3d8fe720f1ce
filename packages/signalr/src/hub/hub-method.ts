import type { HubCall } from "./hub-call.ts";
import type { HubTypes } from "./hub-types.ts";

/**
 * A method clients invoke. Arguments come unchecked from the wire. What it returns, or resolves to, is the completion;
 * a HubError thrown goes out as its bare text, any other error as a general one.
 */
export interface HubMethod<Types extends HubTypes> {
  (call: HubCall<Types>, ...args: unknown[]): unknown;
  /**
   * Judges arguments for a method that is invoked the wrong way, and does not run.
   * @throws what the caller is told
   */
  readonly checkArguments?: (target: string, args: readonly unknown[]) => unknown;
}
