import type { Operation } from "../../operations/operation.ts";
import { listMessageReceiptsOperation } from "./list-message-receipts.ts";
import { type ListReceiptsDeps, listReceiptsOperation } from "./list-receipts.ts";
import { markMessageAsDeliveredOperation } from "./mark-message-as-delivered.ts";
import { markMessageAsReadOperation } from "./mark-message-as-read.ts";
import { markRaiser, type RaiseMarksDeps } from "./raise-marks.ts";

/** How far everyone got, and how far they read. */
export function receiptOperations(deps: RaiseMarksDeps & ListReceiptsDeps): readonly Operation[] {
  const raise = markRaiser(deps);
  return [
    markMessageAsReadOperation(raise),
    markMessageAsDeliveredOperation(raise),
    listReceiptsOperation(deps),
    listMessageReceiptsOperation(deps),
  ];
}
