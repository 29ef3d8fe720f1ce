import type { ChatEvents, NotificationEvents, PresenceEvents } from "./index.ts";

/** What each event of any hub says, in one sentence, for the documents. */
export const eventSummaries: Record<keyof (ChatEvents & PresenceEvents & NotificationEvents), string> = {
  ReceiveMessage: "A message was sent. Numbered by pts.",
  MessageEdited: "A message has another text now. Numbered by pts.",
  MessageDeleted: "A message was deleted for everyone: its tombstone. Numbered by pts.",
  MessagePinned: "A message is pinned now. Numbered by pts.",
  MessageUnpinned: "A message is pinned no longer. Numbered by pts.",
  ReactionAdded: "Someone reacted to a message. Numbered by pts.",
  ReactionRemoved: "Someone took a reaction back. Numbered by pts.",
  MemberAdded: "Someone is a member now. Numbered by pts.",
  MemberRemoved: "Someone is no member any more; `by` is that person if they left. Numbered by pts.",
  MemberRoleChanged: "Someone has another role now. Numbered by pts.",
  ConversationUpdated: "The conversation changed: only the fields that did. Numbered by pts.",
  ConversationDeleted: "The group or channel is gone for everyone. Numbered by pts.",
  HistoryTrimmed: "Messages from before a seq are kept no longer. Numbered by pts.",
  ConversationChanged: "Something changed that not every member may see: ask for the change. Numbered by pts.",
  ConversationHead: "The conversation has reached this pts: whoever is behind asks for the changes.",
  NewConversationCreated: "Someone began a conversation with the receiver in it. Numbered by userPts.",
  AddedToConversation: "The receiver was added to a conversation that existed. Numbered by userPts.",
  RemovedFromConversation: "The receiver is no member any more. Numbered by userPts.",
  InvitationReceived: "Someone invited the receiver to a conversation. Numbered by userPts.",
  InvitationUpdated:
    "An invitation was answered or withdrawn: to who is invited and to who invited them. Numbered by userPts.",
  ReadMarkUpdated: "The receiver read up to there, on some device of theirs. Numbered by userPts.",
  FriendRequestReceived: "Someone asks the receiver to be friends. Numbered by userPts.",
  FriendRequestUpdated:
    "What is between the receiver and someone: friendship, a request, or nothing. Numbered by userPts.",
  SettingsUpdated:
    "The receiver changed settings, their own or those of one conversation, or whom they block. Numbered by userPts.",
  MessageStatusUpdated:
    "A member got or read messages: at most once a second, so versions are skipped. Numbered by receiptsVersion.",
  MediaStateChanged: "What the receiver uploaded is in another state now. May be missed.",
  SyncRequired: "This connection may have missed something and must sync.",
  SessionRevoked: "The session of this connection has ended: the last that it hears.",
  UserUpdated: "Someone in a conversation of yours, or you on another device, changed their profile. May be missed.",
  UserStatusChanged:
    "Someone whom you watch, or with whom you view a conversation, has another presence. May be missed.",
  UserStartedTyping: "Someone types in a conversation that you view. May be missed.",
  UserStoppedTyping: "They type there no longer. May be missed: typing that is not renewed ends by itself.",
  Error: "What this connection invoked without wanting an answer has failed.",
  HasNewMessage: "Someone else wrote in a conversation of yours; `mention`: to you. May be missed.",
};
