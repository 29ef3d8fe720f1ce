import { z } from "zod";
import { addedToConversation } from "../events/added-to-conversation.ts";
import { conversationDeleted } from "../events/conversation-deleted.ts";
import { conversationUpdated } from "../events/conversation-updated.ts";
import { friendRequestReceived } from "../events/friend-request-received.ts";
import { friendRequestUpdated } from "../events/friend-request-updated.ts";
import { historyTrimmed } from "../events/history-trimmed.ts";
import { invitationReceived } from "../events/invitation-received.ts";
import { invitationUpdated } from "../events/invitation-updated.ts";
import { memberAdded } from "../events/member-added.ts";
import { memberRemoved } from "../events/member-removed.ts";
import { memberRoleChanged } from "../events/member-role-changed.ts";
import { messageDeleted } from "../events/message-deleted.ts";
import { messageEdited } from "../events/message-edited.ts";
import { messagePinned } from "../events/message-pinned.ts";
import { newConversationCreated } from "../events/new-conversation-created.ts";
import { reactionChanged } from "../events/reaction-changed.ts";
import { readMarkUpdated } from "../events/read-mark-updated.ts";
import { receiveMessage } from "../events/receive-message.ts";
import { removedFromConversation } from "../events/removed-from-conversation.ts";
import { settingsUpdated } from "../events/settings-updated.ts";
import { conversationId, userId } from "../ids.ts";
import { pts, timestamp } from "../text.ts";

/** What a newer server calls something that this version does not know: its number is all that is left of it. */
const unknown = z.literal("Unknown").catch("Unknown");

const logged = { pts, actorId: userId.optional(), createdAt: timestamp };

/**
 * A row of a conversation's log, as it was pushed [L2], but for messages, which are as they are now. `Hidden` stands for
 * what the reader may not see [L10], for reactions to what has been deleted since [L11],
 * and for messages that retention took [L12]. No server says `Unknown`:
 * a client reads it where it is older than its server.
 */
const knownChange = z.discriminatedUnion("event", [
  z.object({ ...logged, event: z.literal("ReceiveMessage"), payload: receiveMessage }),
  z.object({ ...logged, event: z.literal("MessageEdited"), payload: messageEdited }),
  z.object({ ...logged, event: z.literal("MessageDeleted"), payload: messageDeleted }),
  z.object({ ...logged, event: z.literal("MessagePinned"), payload: messagePinned }),
  z.object({ ...logged, event: z.literal("MessageUnpinned"), payload: messagePinned }),
  z.object({ ...logged, event: z.literal("ReactionAdded"), payload: reactionChanged }),
  z.object({ ...logged, event: z.literal("ReactionRemoved"), payload: reactionChanged }),
  z.object({ ...logged, event: z.literal("MemberAdded"), payload: memberAdded }),
  z.object({ ...logged, event: z.literal("MemberRemoved"), payload: memberRemoved }),
  z.object({ ...logged, event: z.literal("MemberRoleChanged"), payload: memberRoleChanged }),
  z.object({ ...logged, event: z.literal("ConversationUpdated"), payload: conversationUpdated }),
  z.object({ ...logged, event: z.literal("ConversationDeleted"), payload: conversationDeleted }),
  z.object({ ...logged, event: z.literal("HistoryTrimmed"), payload: historyTrimmed }),
  z.object({ pts, event: z.literal("Hidden") }),
]);
export const change = z.union([knownChange, z.object({ pts, event: unknown })]);
export type Change = z.infer<typeof change>;

const userPts = z.int().min(1);
const inInbox = { userPts, createdAt: timestamp };

/**
 * A row of a person's inbox, as it was pushed [L16], but telling what is now of what it is about; `Hidden` stands for a
 * conversation that they have left since, a request that was answered, and a read mark that a later entry tells of,
 * `Unknown` as for changes.
 */
const knownInboxEntry = z.discriminatedUnion("event", [
  z.object({ ...inInbox, event: z.literal("NewConversationCreated"), payload: newConversationCreated }),
  z.object({ ...inInbox, event: z.literal("AddedToConversation"), payload: addedToConversation }),
  z.object({ ...inInbox, event: z.literal("RemovedFromConversation"), payload: removedFromConversation }),
  z.object({ ...inInbox, event: z.literal("InvitationReceived"), payload: invitationReceived }),
  z.object({ ...inInbox, event: z.literal("InvitationUpdated"), payload: invitationUpdated }),
  z.object({ ...inInbox, event: z.literal("ReadMarkUpdated"), payload: readMarkUpdated }),
  z.object({ ...inInbox, event: z.literal("FriendRequestReceived"), payload: friendRequestReceived }),
  z.object({ ...inInbox, event: z.literal("FriendRequestUpdated"), payload: friendRequestUpdated }),
  z.object({ ...inInbox, event: z.literal("SettingsUpdated"), payload: settingsUpdated }),
  z.object({ userPts, event: z.literal("Hidden") }),
]);
/** The conversation that an entry of an unknown kind is about, where it says so. */
const unknownSubject = z.object({ conversationId: conversationId.optional() }).catch({});
export const inboxEntry = z.union([knownInboxEntry, z.object({ userPts, event: unknown, payload: unknownSubject })]);
export type InboxEntry = z.infer<typeof inboxEntry>;
