import { z } from "zod";
import { clientMessageId, conversationId, mediaId, messageId } from "../ids.ts";
import { limits } from "../limits.ts";
import { mention, message } from "../objects/message.ts";
import { operation } from "../operation.ts";
import { isBlank, optionalText, pts, seq, timestamp } from "../text.ts";

/** What the sender learns at once. `duplicate`: this `clientMessageId` was stored before, under these ids [L5]. */
export const sendReceipt = z.object({ messageId, seq, pts, createdAt: timestamp, duplicate: z.boolean() });
export type SendReceipt = z.infer<typeof sendReceipt>;

/**
 * Stores a message once, however often it is repeated. By REST 201, or 200 on a repeat. `replyToId` is a message of
 * the same conversation that the sender may see, and so is `threadRootId`, the message whose thread this is a reply in
 * [L15]. `mentions` calls people; who is no member is left out. In channels owners and admins alone call everyone.
 * `mediaIds` are media that the sender uploaded for this conversation and that are `active` or `attached` [M5]; beside
 * them the text is a caption, which may be empty.
 */
export const sendMessage = operation({
  summary: "Stores a message once, however often it is repeated.",
  kind: "command",
  access: "signedIn",
  limit: { name: "send" },
  route: { method: "POST", path: "/conversations/{conversationId}/messages", status: 201 },
  input: z
    .strictObject({
      conversationId,
      clientMessageId,
      text: optionalText(limits.messageText).optional(),
      replyToId: messageId.optional(),
      threadRootId: messageId.optional(),
      mentions: z.array(mention).max(limits.mentions).optional(),
      mediaIds: z
        .array(mediaId)
        .min(1)
        .max(limits.media)
        .refine((ids) => new Set(ids).size === ids.length, "must be distinct")
        .optional(),
    })
    .refine(({ text = "", mediaIds }) => mediaIds !== undefined || !isBlank(text), {
      path: ["text"],
      error: "must not be empty without media",
    }),
  output: z.object({ message }),
  hub: { method: "SendMessage", output: sendReceipt },
});
