import type { Operation } from "../../operations/operation.ts";
import type { Database } from "../../ports/database.ts";
import { listMessagesOperation } from "./list-messages.ts";
import { type SendMessageDeps, sendMessageOperation } from "./send-message.ts";

/** Sending and reading messages. */
export function messageOperations(deps: SendMessageDeps & { readonly db: Database }): readonly Operation[] {
  return [sendMessageOperation(deps), listMessagesOperation(deps)];
}
