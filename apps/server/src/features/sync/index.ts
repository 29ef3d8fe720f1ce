import type { Operation } from "../../operations/operation.ts";
import type { Database } from "../../ports/database.ts";
import { listChangesOperation } from "./list-changes.ts";
import { syncOperation } from "./sync.ts";

export { inboxConsumer } from "./inbox-consumer.ts";
export { OtherNodes } from "./other-nodes.ts";

/** What a client missed: of the conversations it knows, and of its own inbox. */
export function syncOperations(deps: { readonly db: Database }): readonly Operation[] {
  return [syncOperation(deps), listChangesOperation(deps)];
}
