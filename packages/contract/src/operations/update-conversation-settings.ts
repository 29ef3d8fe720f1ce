import { z } from "zod";
import { conversationId } from "../ids.ts";
import { conversationSettings, conversationSettingsChange } from "../objects/conversation-settings.ts";
import { operation } from "../operation.ts";

/** Changes the caller's own settings of a conversation that are sent; the others stay as they are, `null` takes away. */
export const updateConversationSettings = operation({
  summary: "Changes the caller's own settings of a conversation that are sent; the others stay as they are.",
  kind: "command",
  access: "signedIn",
  route: { method: "PUT", path: "/conversations/{conversationId}/settings", status: 200 },
  input: z
    .strictObject({ conversationId, ...conversationSettingsChange.shape })
    .refine((input) => Object.keys(input).length > 1, "must change at least one setting"),
  output: z.object({ settings: conversationSettings }),
});
