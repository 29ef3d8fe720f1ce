import type { ChatEventName, ChatEvents } from "@hubbub/contract";
import { Listeners } from "../listeners.ts";

type EventListeners = { readonly [Name in ChatEventName]: Listeners<ChatEvents[Name]> };

/** Nobody listens yet. */
export function eventListeners(): EventListeners {
  return {
    ReceiveMessage: new Listeners(),
    MessageEdited: new Listeners(),
    MessageDeleted: new Listeners(),
    MessagePinned: new Listeners(),
    MessageUnpinned: new Listeners(),
    ReactionAdded: new Listeners(),
    ReactionRemoved: new Listeners(),
    ConversationChanged: new Listeners(),
    MemberAdded: new Listeners(),
    MemberRemoved: new Listeners(),
    MemberRoleChanged: new Listeners(),
    ConversationDeleted: new Listeners(),
    HistoryTrimmed: new Listeners(),
    ConversationUpdated: new Listeners(),
    NewConversationCreated: new Listeners(),
    AddedToConversation: new Listeners(),
    RemovedFromConversation: new Listeners(),
    InvitationReceived: new Listeners(),
    InvitationUpdated: new Listeners(),
    ReadMarkUpdated: new Listeners(),
    FriendRequestReceived: new Listeners(),
    FriendRequestUpdated: new Listeners(),
    SettingsUpdated: new Listeners(),
    MessageStatusUpdated: new Listeners(),
    ConversationHead: new Listeners(),
    MediaStateChanged: new Listeners(),
    SyncRequired: new Listeners(),
    SessionRevoked: new Listeners(),
    UserUpdated: new Listeners(),
    UserStatusChanged: new Listeners(),
    UserStartedTyping: new Listeners(),
    UserStoppedTyping: new Listeners(),
    Error: new Listeners(),
  };
}
