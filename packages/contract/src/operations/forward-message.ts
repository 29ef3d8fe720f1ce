import { z } from "zod";
import { clientMessageId, conversationId, messageId } from "../ids.ts";
import { limits } from "../limits.ts";
import { message } from "../objects/message.ts";
import { operation } from "../operation.ts";

/**
 * Sends what a message says to other conversations, to all of them or to none: the caller sees the message and may write
 * in each. What was forwarded tells who wrote it and when, not where; it calls nobody, answers nothing, and nobody edits
 * it. A `clientMessageId` makes a repeat of the call answer what the first one stored, with 200 [L5].
 */
export const forwardMessage = operation({
  summary: "Sends what a message says to other conversations, to all of them or to none.",
  kind: "command",
  access: "signedIn",
  limit: { name: "send", each: "conversationIds" },
  route: { method: "POST", path: "/messages/{messageId}/forward", status: 201 },
  input: z.strictObject({
    messageId,
    conversationIds: z.array(conversationId).min(1).max(limits.forwardConversations),
    clientMessageId: clientMessageId.optional(),
  }),
  /** In the order of the conversations, each once. */
  output: z.object({ items: z.array(message) }),
});
