import { z } from "zod";
import { userId } from "../ids.ts";
import { limits } from "../limits.ts";
import {
  conversation,
  conversationType,
  historyVisibility,
  posting,
  retentionDays,
  title,
  topic,
  visibility,
} from "../objects/conversation.ts";
import { operation } from "../operation.ts";

/**
 * Begins a conversation with the caller as its owner. A second direct one with the same person answers the first
 * with 200; a direct one with nobody is notes to oneself.
 */
export const createConversation = operation({
  summary: "Begins a conversation; a second direct one with the same person answers the first.",
  kind: "command",
  access: "signedIn",
  route: { method: "POST", path: "/conversations", status: 201 },
  input: z.strictObject({
    type: conversationType,
    title: title.optional(),
    topic: topic.optional(),
    memberIds: z.array(userId).max(limits.membersPerCall).default([]),
    visibility: visibility.optional(),
    posting: posting.optional(),
    historyVisibility: historyVisibility.optional(),
    retentionDays: retentionDays.optional(),
  }),
  output: z.object({ conversation }),
});
