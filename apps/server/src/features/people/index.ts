import type { Operation } from "../../operations/operation.ts";
import { answerFriendRequestOperation } from "./answer-friend-request.ts";
import { blockUserOperation, listBlocksOperation, unblockUserOperation } from "./blocks.ts";
import { getOwnSettingsOperation } from "./get-own-settings.ts";
import { getOwnUserOperation } from "./get-own-user.ts";
import { type FindUserDeps, getUserOperation } from "./get-user.ts";
import { getUserByUsernameOperation } from "./get-user-by-username.ts";
import { listFriendsOperation } from "./list-friends.ts";
import { listUsersOperation } from "./list-users.ts";
import { removeFriendOperation } from "./remove-friend.ts";
import { type RequestFriendDeps, requestFriendOperation } from "./request-friend.ts";
import { updateConversationSettingsOperation } from "./update-conversation-settings.ts";
import { updateOwnSettingsOperation } from "./update-own-settings.ts";
import { type UpdateOwnUserDeps, updateOwnUserOperation } from "./update-own-user.ts";

export { admittedBy, whoAdmits, whoMayBeAdded } from "./admission.ts";
export { attachAvatar } from "./attach-avatar.ts";
export {
  type ConversationSettingsRow,
  conversationSettingsView,
} from "./conversation-settings.ts";
export { forgetDeletedConsumer } from "./forget-deleted.ts";
export { enterInbox, type NewInboxEntry } from "./inbox.ts";
export { lockPair } from "./lock-pair.ts";
export { isPersonal, type PersonalEventName, type PersonalRow, viewPersonalEntries } from "./personal-entries.ts";
export { peopleSections } from "./personal-sections.ts";
export { findUsers, publicUser } from "./public-user.ts";
export { mayWriteIn, mayWriteTo } from "./reach.ts";
export { friendsByEmailConsumer } from "./request-friend.ts";

/** Profiles, finding people, and what is between them. */
export function peopleOperations(deps: UpdateOwnUserDeps & FindUserDeps & RequestFriendDeps): readonly Operation[] {
  return [
    // before the routes that take any id or name
    getOwnUserOperation(deps),
    updateOwnUserOperation(deps),
    getOwnSettingsOperation(deps),
    updateOwnSettingsOperation(deps),
    updateConversationSettingsOperation(deps),
    listUsersOperation(deps),
    getUserByUsernameOperation(deps),
    getUserOperation(deps),
    listFriendsOperation(deps),
    requestFriendOperation(deps),
    answerFriendRequestOperation(deps),
    removeFriendOperation(deps),
    listBlocksOperation(deps),
    blockUserOperation(deps),
    unblockUserOperation(deps),
  ];
}
