import type { z } from "zod";
import { addedToConversation } from "./added-to-conversation.ts";
import { callFailed } from "./call-failed.ts";
import { conversationChanged } from "./conversation-changed.ts";
import { conversationDeleted } from "./conversation-deleted.ts";
import { conversationHead } from "./conversation-head.ts";
import { conversationUpdated } from "./conversation-updated.ts";
import { friendRequestReceived } from "./friend-request-received.ts";
import { friendRequestUpdated } from "./friend-request-updated.ts";
import { hasNewMessage } from "./has-new-message.ts";
import { historyTrimmed } from "./history-trimmed.ts";
import { invitationReceived } from "./invitation-received.ts";
import { invitationUpdated } from "./invitation-updated.ts";
import { mediaStateChanged } from "./media-state-changed.ts";
import { memberAdded } from "./member-added.ts";
import { memberRemoved } from "./member-removed.ts";
import { memberRoleChanged } from "./member-role-changed.ts";
import { messageDeleted } from "./message-deleted.ts";
import { messageEdited } from "./message-edited.ts";
import { messagePinned } from "./message-pinned.ts";
import { messageStatusUpdated } from "./message-status-updated.ts";
import { newConversationCreated } from "./new-conversation-created.ts";
import { reactionChanged } from "./reaction-changed.ts";
import { readMarkUpdated } from "./read-mark-updated.ts";
import { receiveMessage } from "./receive-message.ts";
import { removedFromConversation } from "./removed-from-conversation.ts";
import { sessionRevoked } from "./session-revoked.ts";
import { settingsUpdated } from "./settings-updated.ts";
import { syncRequired } from "./sync-required.ts";
import { userStatusChanged } from "./user-status-changed.ts";
import { userTyping } from "./user-typing.ts";
import { userUpdated } from "./user-updated.ts";

/** Numbered by a conversation's `pts` and kept in its log [L2]. */
export const conversationEvents = {
  ReceiveMessage: receiveMessage,
  MessageEdited: messageEdited,
  MessageDeleted: messageDeleted,
  MessagePinned: messagePinned,
  MessageUnpinned: messagePinned,
  ReactionAdded: reactionChanged,
  ReactionRemoved: reactionChanged,
  MemberAdded: memberAdded,
  MemberRemoved: memberRemoved,
  MemberRoleChanged: memberRoleChanged,
  ConversationUpdated: conversationUpdated,
  ConversationDeleted: conversationDeleted,
  HistoryTrimmed: historyTrimmed,
} as const;

/** Numbered by a person's `userPts` and kept in their inbox [L16]. */
export const inboxEvents = {
  NewConversationCreated: newConversationCreated,
  AddedToConversation: addedToConversation,
  RemovedFromConversation: removedFromConversation,
  InvitationReceived: invitationReceived,
  InvitationUpdated: invitationUpdated,
  ReadMarkUpdated: readMarkUpdated,
  FriendRequestReceived: friendRequestReceived,
  FriendRequestUpdated: friendRequestUpdated,
  SettingsUpdated: settingsUpdated,
} as const;

/** Everything that a chat hub sends, one argument each. */
export const chatEvents = {
  ...conversationEvents,
  ...inboxEvents,
  ConversationChanged: conversationChanged,
  ConversationHead: conversationHead,
  MessageStatusUpdated: messageStatusUpdated,
  MediaStateChanged: mediaStateChanged,
  SyncRequired: syncRequired,
  SessionRevoked: sessionRevoked,
  UserUpdated: userUpdated,
  UserStatusChanged: userStatusChanged,
  UserStartedTyping: userTyping,
  UserStoppedTyping: userTyping,
  Error: callFailed,
} as const;

/** Everything that a presence hub sends. */
export const presenceEvents = {
  UserStatusChanged: userStatusChanged,
  SessionRevoked: sessionRevoked,
  Error: callFailed,
} as const;

/** Everything that a notifications hub sends: alerts without what was said. */
export const notificationEvents = {
  HasNewMessage: hasNewMessage,
  FriendRequestReceived: friendRequestReceived,
  InvitationReceived: invitationReceived,
  SessionRevoked: sessionRevoked,
} as const;

export { type NumberedEvent, numberedEvent } from "./numbered-event.ts";
export type { ReactionChanged } from "./reaction-changed.ts";

type Payloads<Events extends Record<string, z.ZodType>> = { [Name in keyof Events]: z.infer<Events[Name]> };

export type ConversationEvents = Payloads<typeof conversationEvents>;
export type InboxEvents = Payloads<typeof inboxEvents>;
export type ChatEvents = Payloads<typeof chatEvents>;
export type PresenceEvents = Payloads<typeof presenceEvents>;
export type NotificationEvents = Payloads<typeof notificationEvents>;
export type ConversationEventName = keyof ConversationEvents;
export type InboxEventName = keyof InboxEvents;
export type ChatEventName = keyof ChatEvents;
export type NotificationEventName = keyof NotificationEvents;

const isChatEventName = (name: string): name is ChatEventName => Object.hasOwn(chatEvents, name);
/** In the order of the table. */
export const chatEventNames: readonly ChatEventName[] = Object.keys(chatEvents).filter(isChatEventName);
