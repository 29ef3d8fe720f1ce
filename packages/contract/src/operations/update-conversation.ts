import { z } from "zod";
import { conversationId } from "../ids.ts";
import { conversation, posting, title, topic } from "../objects/conversation.ts";
import { operation } from "../operation.ts";

/** Renames a group or channel, or changes its topic or who may post. Owners and admins only. */
export const updateConversation = operation({
  summary: "Changes the title, topic or rules of a group or channel.",
  kind: "command",
  access: "signedIn",
  route: { method: "PATCH", path: "/conversations/{conversationId}", status: 200 },
  input: z
    .strictObject({
      conversationId,
      title: title.optional(),
      topic: topic.nullable().optional(),
      posting: posting.optional(),
    })
    .refine((input) => Object.keys(input).length > 1, "must change at least one field"),
  output: z.object({ conversation }),
});
