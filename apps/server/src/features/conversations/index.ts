import type { Operation } from "../../operations/operation.ts";
import { type AddMembersDeps, addMembersOperation } from "./add-members.ts";
import { type CreateConversationDeps, createConversationOperation } from "./create-conversation.ts";
import { getConversationOperation } from "./get-conversation.ts";
import { listConversationsOperation } from "./list-conversations.ts";
import { listMembersOperation } from "./list-members.ts";
import { removeMemberOperation } from "./remove-member.ts";
import { updateConversationOperation } from "./update-conversation.ts";

export { type Appended, appendChanges, type LoggedChange, type SystemMessage, systemMessage } from "./change-log.ts";
export { viewConversation, viewConversationsById } from "./conversation-view.ts";
export { conversationCreated, memberAdded, memberRemoved } from "./domain-events.ts";
export { type LockedConversation, lockConversation } from "./lock-conversation.ts";
export { type MessageRow, messageView } from "./message-view.ts";
export { reconcile } from "./reconcile.ts";
export { conversationsOf } from "./subscriptions.ts";

/** Conversations and who is in them. */
export function conversationOperations(deps: CreateConversationDeps & AddMembersDeps): readonly Operation[] {
  return [
    createConversationOperation(deps),
    listConversationsOperation(deps),
    getConversationOperation(deps),
    updateConversationOperation(deps),
    listMembersOperation(deps),
    addMembersOperation(deps),
    removeMemberOperation(deps),
  ];
}
