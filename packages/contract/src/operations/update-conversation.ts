import { z } from "zod";
import { conversationId, mediaId } from "../ids.ts";
import {
  conversation,
  historyVisibility,
  posting,
  retentionDays,
  title,
  topic,
  visibility,
} from "../objects/conversation.ts";
import { operation } from "../operation.ts";

/**
 * Changes what a group or channel is called and how it is kept. Owners and admins only. `historyVisibility` is for those
 * who join from then on.
 */
export const updateConversation = operation({
  summary: "Changes the title, topic, picture or rules of a group or channel.",
  kind: "command",
  access: "signedIn",
  route: { method: "PATCH", path: "/conversations/{conversationId}", status: 200 },
  input: z
    .strictObject({
      conversationId,
      title: title.optional(),
      topic: topic.nullable().optional(),
      /** What the caller uploaded with the purpose `avatar`, once it is `active`. */
      avatarMediaId: mediaId.nullable().optional(),
      visibility: visibility.optional(),
      posting: posting.optional(),
      historyVisibility: historyVisibility.optional(),
      retentionDays: retentionDays.nullable().optional(),
    })
    .refine((input) => Object.keys(input).length > 1, "must change at least one field"),
  output: z.object({ conversation }),
});
