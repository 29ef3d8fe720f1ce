import type { Operation } from "../../operations/operation.ts";
import { acceptInviteOperation } from "./accept-invite.ts";
import { addMembersOperation } from "./add-members.ts";
import { answerInvitationOperation } from "./answer-invitation.ts";
import { banMemberOperation } from "./ban-member.ts";
import { changeMemberRoleOperation } from "./change-member-role.ts";
import { type CreateConversationDeps, createConversationOperation } from "./create-conversation.ts";
import { createInviteOperation } from "./create-invite.ts";
import { deleteConversationOperation } from "./delete-conversation.ts";
import { getConversationOperation } from "./get-conversation.ts";
import { getInviteOperation } from "./get-invite.ts";
import { inviteMembersOperation } from "./invite-members.ts";
import { joinChannelOperation } from "./join-channel.ts";
import { listBansOperation } from "./list-bans.ts";
import { listConversationsOperation } from "./list-conversations.ts";
import { listInvitationsOperation } from "./list-invitations.ts";
import { listInvitesOperation } from "./list-invites.ts";
import { listMembersOperation } from "./list-members.ts";
import { listPublicConversationsOperation } from "./list-public-conversations.ts";
import { removeMemberOperation } from "./remove-member.ts";
import { revokeInviteOperation } from "./revoke-invite.ts";
import { unbanMemberOperation } from "./unban-member.ts";
import { updateConversationOperation } from "./update-conversation.ts";

export { type Appended, appendChanges, type LoggedChange, type SystemMessage, systemMessage } from "./change-log.ts";
export { viewConversation, viewConversationFor, viewConversationsById } from "./conversation-view.ts";
export {
  conversationCreated,
  conversationDeleted,
  invitationMade,
  invitationSettled,
  memberAdded,
  memberRemoved,
} from "./domain-events.ts";
export { erasureConsumer } from "./erase-deleted.ts";
export { mayRead } from "./find-membership.ts";
export { viewInvitations } from "./invitations.ts";
export { leaveForDeletedConsumer } from "./leave-for-deleted.ts";
export { type LockedConversation, lockConversation, lockConversations } from "./lock-conversation.ts";
export { type MessageRow, messageView } from "./message-view.ts";
export { may } from "./permissions.ts";
export { conversationSections, everyConversationOf } from "./personal-sections.ts";
export { publishChanges } from "./publish-changes.ts";
export { reconcile } from "./reconcile.ts";
export { alertLevelsOf, calledAmong, conversationsOf, heardConversations } from "./subscriptions.ts";

/** Conversations and who is in them. */
export function conversationOperations(deps: CreateConversationDeps): readonly Operation[] {
  return [
    createConversationOperation(deps),
    listConversationsOperation(deps),
    listPublicConversationsOperation(deps),
    getConversationOperation(deps),
    updateConversationOperation(deps),
    deleteConversationOperation(deps),
    listMembersOperation(deps),
    addMembersOperation(deps),
    removeMemberOperation(deps),
    changeMemberRoleOperation(deps),
    joinChannelOperation(deps),
    listBansOperation(deps),
    banMemberOperation(deps),
    unbanMemberOperation(deps),
    inviteMembersOperation(deps),
    listInvitationsOperation(deps),
    answerInvitationOperation(deps),
    createInviteOperation(deps),
    listInvitesOperation(deps),
    getInviteOperation(deps),
    acceptInviteOperation(deps),
    revokeInviteOperation(deps),
  ];
}
