import type { InvocationMessage } from "../protocol/messages.ts";
import type { SerializedMessage } from "../protocol/serialized-message.ts";

/** Whom a message is for. `except` names connection ids that are left out. */
export type Target =
  | { readonly kind: "all"; readonly except?: readonly string[] }
  | { readonly kind: "group"; readonly name: string; readonly except?: readonly string[] }
  | { readonly kind: "user"; readonly id: string }
  | { readonly kind: "connection"; readonly id: string };

/** Brings messages to connections, wherever they are. */
export interface Deliverer {
  /**
   * Hands a message over for delivery; messages handed over one after another reach each connection in that order.
   * Connections that do not exist are left out silently.
   * @throws when the message holds what its protocol cannot carry
   */
  deliver(target: Target, message: SerializedMessage): void;

  /**
   * Invokes a method of one client and waits for its result.
   * @param signal gives up waiting
   * @returns what the client returned
   * @throws HubException when the client fails, Error when it is gone or goes
   */
  invoke(connectionId: string, invocation: InvocationMessage, signal?: AbortSignal): Promise<unknown>;
}
