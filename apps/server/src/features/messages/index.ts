import type { Operation } from "../../operations/operation.ts";
import type { ChangeMessageDeps } from "./change-message.ts";
import { deleteMessageOperation } from "./delete-message.ts";
import { editMessageOperation } from "./edit-message.ts";
import { forwardMessageOperation } from "./forward-message.ts";
import { getMessageOperation } from "./get-message.ts";
import { listMessageEditsOperation } from "./list-message-edits.ts";
import { listMessagesOperation } from "./list-messages.ts";
import { listPinsOperation } from "./list-pins.ts";
import { listReactionsOperation } from "./list-reactions.ts";
import { pinMessageOperation, unpinMessageOperation } from "./pin-message.ts";
import { reactOperation, unreactOperation } from "./react.ts";
import { sendMessageOperation } from "./send-message.ts";

export { messageSections } from "./personal-sections.ts";
export { streamHistoryOperation } from "./stream-history.ts";
export { type TrimHistoryDeps, trimHistory } from "./trim-history.ts";
export { visibleMessage } from "./visible-message.ts";

/** Sending, reading and changing messages. */
export function messageOperations(deps: ChangeMessageDeps): readonly Operation[] {
  return [
    sendMessageOperation(deps),
    listMessagesOperation(deps),
    getMessageOperation(deps),
    editMessageOperation(deps),
    deleteMessageOperation(deps),
    listMessageEditsOperation(deps),
    reactOperation(deps),
    unreactOperation(deps),
    listReactionsOperation(deps),
    forwardMessageOperation(deps),
    pinMessageOperation(deps),
    unpinMessageOperation(deps),
    listPinsOperation(deps),
  ];
}
