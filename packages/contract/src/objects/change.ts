import { z } from "zod";
import { addedToConversation } from "../events/added-to-conversation.ts";
import { conversationDeleted } from "../events/conversation-deleted.ts";
import { conversationUpdated } from "../events/conversation-updated.ts";
import { memberAdded } from "../events/member-added.ts";
import { memberRemoved } from "../events/member-removed.ts";
import { memberRoleChanged } from "../events/member-role-changed.ts";
import { messageDeleted } from "../events/message-deleted.ts";
import { messageEdited } from "../events/message-edited.ts";
import { newConversationCreated } from "../events/new-conversation-created.ts";
import { reactionChanged } from "../events/reaction-changed.ts";
import { readMarkUpdated } from "../events/read-mark-updated.ts";
import { receiveMessage } from "../events/receive-message.ts";
import { removedFromConversation } from "../events/removed-from-conversation.ts";
import { userId } from "../ids.ts";
import { pts, timestamp } from "../text.ts";

const logged = { pts, actorId: userId.optional(), createdAt: timestamp };

/**
 * A row of a conversation's log, as it was pushed [L2], but for messages, which are as they are now. `Hidden` stands for
 * what the reader may not see [L10], and for reactions to what has been deleted since [L11].
 */
export const change = z.discriminatedUnion("event", [
  z.object({ ...logged, event: z.literal("ReceiveMessage"), payload: receiveMessage }),
  z.object({ ...logged, event: z.literal("MessageEdited"), payload: messageEdited }),
  z.object({ ...logged, event: z.literal("MessageDeleted"), payload: messageDeleted }),
  z.object({ ...logged, event: z.literal("ReactionAdded"), payload: reactionChanged }),
  z.object({ ...logged, event: z.literal("ReactionRemoved"), payload: reactionChanged }),
  z.object({ ...logged, event: z.literal("MemberAdded"), payload: memberAdded }),
  z.object({ ...logged, event: z.literal("MemberRemoved"), payload: memberRemoved }),
  z.object({ ...logged, event: z.literal("MemberRoleChanged"), payload: memberRoleChanged }),
  z.object({ ...logged, event: z.literal("ConversationUpdated"), payload: conversationUpdated }),
  z.object({ ...logged, event: z.literal("ConversationDeleted"), payload: conversationDeleted }),
  z.object({ pts, event: z.literal("Hidden") }),
]);
export type Change = z.infer<typeof change>;

const inInbox = { userPts: z.int().min(1), createdAt: timestamp };

/**
 * A row of a person's inbox, as it was pushed [L16]; `Hidden` stands for a conversation that they have left since, and
 * for a read mark that a later entry tells of.
 */
export const inboxEntry = z.discriminatedUnion("event", [
  z.object({ ...inInbox, event: z.literal("NewConversationCreated"), payload: newConversationCreated }),
  z.object({ ...inInbox, event: z.literal("AddedToConversation"), payload: addedToConversation }),
  z.object({ ...inInbox, event: z.literal("RemovedFromConversation"), payload: removedFromConversation }),
  z.object({ ...inInbox, event: z.literal("ReadMarkUpdated"), payload: readMarkUpdated }),
  z.object({ userPts: z.int().min(1), event: z.literal("Hidden") }),
]);
export type InboxEntry = z.infer<typeof inboxEntry>;
