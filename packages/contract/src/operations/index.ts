import type { z } from "zod";
import type { HubMethodRow } from "../operation.ts";
import { acceptInvite } from "./accept-invite.ts";
import { addMembers } from "./add-members.ts";
import { addPasskey } from "./add-passkey.ts";
import { answerFriendRequest } from "./answer-friend-request.ts";
import { answerInvitation } from "./answer-invitation.ts";
import { banMember } from "./ban-member.ts";
import { blockUser } from "./block-user.ts";
import { changeEmail } from "./change-email.ts";
import { changeMemberRole } from "./change-member-role.ts";
import { changePassword } from "./change-password.ts";
import { confirmMedia } from "./confirm-media.ts";
import { createConversation } from "./create-conversation.ts";
import { createHubTicket } from "./create-hub-ticket.ts";
import { createInvite } from "./create-invite.ts";
import { createMedia } from "./create-media.ts";
import { createRegistrationInvite } from "./create-registration-invite.ts";
import { deleteAccount } from "./delete-account.ts";
import { deleteConversation } from "./delete-conversation.ts";
import { deleteMedia } from "./delete-media.ts";
import { deleteMessage } from "./delete-message.ts";
import { deleteOwnUser } from "./delete-own-user.ts";
import { disableTotp } from "./disable-totp.ts";
import { editMessage } from "./edit-message.ts";
import { enableTotp } from "./enable-totp.ts";
import { exportOwnData } from "./export-own-data.ts";
import { finishLogin } from "./finish-login.ts";
import { finishOidc } from "./finish-oidc.ts";
import { forgotPassword } from "./forgot-password.ts";
import { forwardMessage } from "./forward-message.ts";
import { getConversation } from "./get-conversation.ts";
import { getInvite } from "./get-invite.ts";
import { getMedia } from "./get-media.ts";
import { getMediaUrl } from "./get-media-url.ts";
import { getMessage } from "./get-message.ts";
import { getOwnSettings } from "./get-own-settings.ts";
import { getOwnUser } from "./get-own-user.ts";
import { getTotp } from "./get-totp.ts";
import { getUser } from "./get-user.ts";
import { getUserByUsername } from "./get-user-by-username.ts";
import { hubOnlyOperations } from "./hub-only.ts";
import { inviteMembers } from "./invite-members.ts";
import { joinChannel } from "./join-channel.ts";
import { linkIdentity } from "./link-identity.ts";
import { listAccounts } from "./list-accounts.ts";
import { listAudit } from "./list-audit.ts";
import { listBans } from "./list-bans.ts";
import { listBlocks } from "./list-blocks.ts";
import { listChanges } from "./list-changes.ts";
import { listConversations } from "./list-conversations.ts";
import { listDeadLetters } from "./list-dead-letters.ts";
import { listFriends } from "./list-friends.ts";
import { listIdentities } from "./list-identities.ts";
import { listInvitations } from "./list-invitations.ts";
import { listInvites } from "./list-invites.ts";
import { listJobs } from "./list-jobs.ts";
import { listMembers } from "./list-members.ts";
import { listMessageEdits } from "./list-message-edits.ts";
import { listMessageReceipts } from "./list-message-receipts.ts";
import { listMessages } from "./list-messages.ts";
import { listPasskeys } from "./list-passkeys.ts";
import { listPins } from "./list-pins.ts";
import { listProviders } from "./list-providers.ts";
import { listPublicConversations } from "./list-public-conversations.ts";
import { listReactions } from "./list-reactions.ts";
import { listReceipts } from "./list-receipts.ts";
import { listRegistrationInvites } from "./list-registration-invites.ts";
import { listSessions } from "./list-sessions.ts";
import { listUsers } from "./list-users.ts";
import { login } from "./login.ts";
import { loginWithPasskey } from "./login-with-passkey.ts";
import { logout } from "./logout.ts";
import { logoutAll } from "./logout-all.ts";
import { markMessageAsDelivered } from "./mark-message-as-delivered.ts";
import { markMessageAsRead } from "./mark-message-as-read.ts";
import { pinMessage } from "./pin-message.ts";
import { react } from "./react.ts";
import { refresh } from "./refresh.ts";
import { register } from "./register.ts";
import { removeFriend } from "./remove-friend.ts";
import { removeMember } from "./remove-member.ts";
import { removePasskey } from "./remove-passkey.ts";
import { renamePasskey } from "./rename-passkey.ts";
import { renewRecoveryCodes } from "./renew-recovery-codes.ts";
import { requestFriend } from "./request-friend.ts";
import { requeueDeadLetter } from "./requeue-dead-letter.ts";
import { resendVerification } from "./resend-verification.ts";
import { resetPassword } from "./reset-password.ts";
import { revokeInvite } from "./revoke-invite.ts";
import { revokeRegistrationInvite } from "./revoke-registration-invite.ts";
import { revokeSession } from "./revoke-session.ts";
import { runJob } from "./run-job.ts";
import { searchMessages } from "./search-messages.ts";
import { sendMessage } from "./send-message.ts";
import { setUpTotp } from "./set-up-totp.ts";
import { signInWithGoogle } from "./sign-in-with-google.ts";
import { startOidc } from "./start-oidc.ts";
import { startPasskey } from "./start-passkey.ts";
import { startPasskeyLogin } from "./start-passkey-login.ts";
import { sync } from "./sync.ts";
import { unbanMember } from "./unban-member.ts";
import { unblockUser } from "./unblock-user.ts";
import { unlinkIdentity } from "./unlink-identity.ts";
import { unpinMessage } from "./unpin-message.ts";
import { unreact } from "./unreact.ts";
import { updateAccount } from "./update-account.ts";
import { updateConversation } from "./update-conversation.ts";
import { updateConversationSettings } from "./update-conversation-settings.ts";
import { updateOwnSettings } from "./update-own-settings.ts";
import { updateOwnUser } from "./update-own-user.ts";
import { updateStatus } from "./update-status.ts";
import { verifyEmail } from "./verify-email.ts";

/** The table of operations: REST routes, hub methods, documents and tests are driven by it. */
export const operations = {
  register,
  login,
  finishLogin,
  refresh,
  logout,
  logoutAll,
  listSessions,
  revokeSession,
  createHubTicket,
  changePassword,
  forgotPassword,
  resetPassword,
  verifyEmail,
  resendVerification,
  changeEmail,
  getTotp,
  setUpTotp,
  enableTotp,
  disableTotp,
  renewRecoveryCodes,
  listPasskeys,
  startPasskey,
  addPasskey,
  renamePasskey,
  removePasskey,
  startPasskeyLogin,
  loginWithPasskey,
  listProviders,
  signInWithGoogle,
  startOidc,
  finishOidc,
  listIdentities,
  linkIdentity,
  unlinkIdentity,
  getOwnUser,
  updateOwnUser,
  deleteOwnUser,
  exportOwnData,
  updateStatus,
  getOwnSettings,
  updateOwnSettings,
  listUsers,
  getUserByUsername,
  getUser,
  listFriends,
  requestFriend,
  answerFriendRequest,
  removeFriend,
  listBlocks,
  blockUser,
  unblockUser,
  createConversation,
  listConversations,
  listPublicConversations,
  getConversation,
  updateConversation,
  updateConversationSettings,
  deleteConversation,
  listMembers,
  addMembers,
  removeMember,
  changeMemberRole,
  joinChannel,
  listBans,
  banMember,
  unbanMember,
  inviteMembers,
  listInvitations,
  answerInvitation,
  createInvite,
  listInvites,
  getInvite,
  acceptInvite,
  revokeInvite,
  sendMessage,
  listMessages,
  getMessage,
  editMessage,
  deleteMessage,
  listMessageEdits,
  searchMessages,
  forwardMessage,
  react,
  unreact,
  listReactions,
  pinMessage,
  unpinMessage,
  listPins,
  markMessageAsRead,
  markMessageAsDelivered,
  listReceipts,
  listMessageReceipts,
  createMedia,
  confirmMedia,
  getMedia,
  getMediaUrl,
  deleteMedia,
  sync,
  listChanges,
  listAccounts,
  updateAccount,
  deleteAccount,
  listDeadLetters,
  createRegistrationInvite,
  listRegistrationInvites,
  revokeRegistrationInvite,
  requeueDeadLetter,
  listJobs,
  listAudit,
  runJob,
} as const;

export type OperationName = keyof typeof operations;
export type HubOnlyName = keyof typeof hubOnlyOperations;

/** The whole table. */
export const allOperations = { ...operations, ...hubOnlyOperations };
type Rows = typeof allOperations;

/** What a caller writes. */
export type OperationRequest<Name extends OperationName | HubOnlyName> = z.input<Rows[Name]["input"]>;
/** What the operation is given: parsed, with defaults. */
export type OperationInput<Name extends OperationName | HubOnlyName> = z.output<Rows[Name]["input"]>;
export type OperationOutput<Name extends OperationName> = z.output<Rows[Name]["output"]>;
/** The operations that a hub offers. */
export type HubOperationName = {
  [Name in keyof Rows]: Rows[Name] extends { hub: object } ? Name : never;
}[keyof Rows];
/** Of a stream, each item. Undefined where no hub offers the operation. */
export type HubOutput<Name extends OperationName | HubOnlyName> = Rows[Name] extends { hub: { output: infer Output } }
  ? z.output<Output>
  : undefined;

/** How hubs offer an operation; undefined where they do not. */
export function hubMethodOf(name: OperationName | HubOnlyName): HubMethodRow | undefined {
  const row = allOperations[name];
  return "hub" in row ? row.hub : undefined;
}
