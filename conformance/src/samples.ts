import { newDeviceId, type OperationName, type OperationRequest, operations } from "@hubbub/contract";
import { password, unique } from "./account.ts";

const isOperationName = (name: string): name is OperationName => Object.hasOwn(operations, name);

export const operationNames = Object.keys(operations).filter(isOperationName);

/** The operations on a conversation that is there already. */
export const conversationOperations = operationNames.filter((name) =>
  operations[name].route.path.startsWith("/conversations/{conversationId}"),
);

/** The operations on a message that is there already. */
export const messageOperations = operationNames.filter((name) =>
  operations[name].route.path.startsWith("/messages/{messageId}"),
);

/** A well-formed request for every operation. */
export function sampleRequests(
  conversationId: string,
  userId: string,
  messageId: string,
): { readonly [Name in OperationName]: OperationRequest<Name> } {
  const username = unique();
  return {
    register: { username, email: `${username}@example.org`, password },
    login: { login: username, password, deviceId: newDeviceId() },
    refresh: { deviceId: newDeviceId(), refreshToken: "x" },
    logout: {},
    logoutAll: {},
    listSessions: {},
    revokeSession: { sessionId: userId },
    createHubTicket: { hub: "presence" },
    changePassword: { currentPassword: password, newPassword: "another horse battery staple" },
    forgotPassword: { email: `${username}@example.org` },
    resetPassword: { token: "x", newPassword: password },
    verifyEmail: { token: "x" },
    resendVerification: {},
    changeEmail: { email: `${username}@example.net`, password },
    listProviders: {},
    signInWithGoogle: { idToken: "x.y.z", deviceId: newDeviceId() },
    startOidc: { provider: "nobody", deviceId: newDeviceId() },
    finishOidc: { provider: "nobody", code: "x", state: "x" },
    listIdentities: {},
    linkIdentity: { provider: "nobody" },
    unlinkIdentity: { provider: "nobody" },
    getOwnUser: {},
    updateOwnUser: { displayName: "Another", bio: "Anything", timeZone: "Europe/Berlin", language: "de" },
    updateStatus: { presence: "busy", text: "Anything", expiresAt: "2100-01-01T00:00:00Z" },
    getOwnSettings: {},
    updateOwnSettings: { privacy: { findMe: "everyone" }, notifications: { sound: true } },
    listFriends: { status: "accepted" },
    requestFriend: { userId },
    answerFriendRequest: { userId, status: "declined" },
    removeFriend: { userId },
    listBlocks: {},
    blockUser: { userId },
    unblockUser: { userId },
    getUser: { userId },
    getUserByUsername: { username },
    listUsers: { query: "a" },
    createConversation: {
      type: "group",
      title: "Group",
      topic: "Anything",
      memberIds: [userId],
      visibility: "private",
      posting: "everyone",
      historyVisibility: "all",
    },
    listConversations: {},
    getConversation: { conversationId },
    updateConversation: { conversationId, title: "Another", topic: "Another", posting: "admins" },
    updateConversationSettings: { conversationId, pinned: true, draft: "Anything" },
    listMembers: { conversationId },
    addMembers: { conversationId, userIds: [userId] },
    removeMember: { conversationId, userId },
    changeMemberRole: { conversationId, userId, role: "admin" },
    joinChannel: { conversationId },
    listPublicConversations: { query: "a" },
    deleteConversation: { conversationId },
    listBans: { conversationId },
    inviteMembers: { conversationId, userIds: [userId] },
    listInvitations: {},
    answerInvitation: { invitationId: userId, status: "accepted" },
    createInvite: { conversationId, expiresInHours: 1, maxUses: 1 },
    listInvites: { conversationId },
    getInvite: { token: "x" },
    acceptInvite: { token: "x" },
    revokeInvite: { token: "x" },
    banMember: { conversationId, userId },
    unbanMember: { conversationId, userId },
    sendMessage: { conversationId, clientMessageId: crypto.randomUUID(), text: "Hello", replyToId: messageId },
    listMessages: { conversationId },
    getMessage: { messageId },
    editMessage: { messageId, text: "Hello again" },
    deleteMessage: { messageId },
    listMessageEdits: { messageId },
    searchMessages: { q: "hello" },
    react: { messageId, emoji: "👍" },
    unreact: { messageId, emoji: "👍" },
    markMessageAsRead: { conversationId, seq: 1 },
    markMessageAsDelivered: { conversationId, seq: 1 },
    listReceipts: { conversationId },
    sync: { epoch: "x", userPts: 0, conversations: { [conversationId]: 0 } },
    listChanges: { conversationId },
    createRegistrationInvite: { expiresInHours: 1, maxUses: 1 },
    listRegistrationInvites: {},
    revokeRegistrationInvite: { inviteId: userId },
    listDeadLetters: {},
    requeueDeadLetter: { deadLetterId: messageId },
    listJobs: {},
    runJob: { name: "clean-up-sessions" },
  };
}
