import type { Operation } from "../../operations/operation.ts";
import { listChangesOperation } from "./list-changes.ts";
import { type SyncDeps, syncOperation } from "./sync.ts";

export { inboxConsumer } from "./inbox-consumer.ts";
export { OtherNodes } from "./other-nodes.ts";

/** What a client missed: of the conversations it knows, and of its own inbox. */
export function syncOperations(deps: SyncDeps): readonly Operation[] {
  return [syncOperation(deps), listChangesOperation(deps)];
}
