import type { InvocationMessage } from "../protocol/messages.ts";
import type { HubCall } from "./hub-call.ts";
import type { HubTypes } from "./hub-options.ts";

/** The invocations of one connection: those that run, and those that wait for a slot in the order they came. */
export class InvocationQueue<Types extends HubTypes> {
  readonly waiting: InvocationMessage[] = [];
  /** How many plain invocations hold a slot. */
  running = 0;
  /** Running calls whose callers want an answer, by invocation id. */
  readonly calls = new Map<string, HubCall<Types>>();
  /** Held while the connect handler runs. */
  held = false;
}
