import { z } from "zod";
import { conversationId } from "../ids.ts";
import { conversation } from "../objects/conversation.ts";
import { operation } from "../operation.ts";

export const getConversation = operation({
  summary: "Reads one conversation.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/conversations/{conversationId}", status: 200 },
  input: z.strictObject({ conversationId }),
  output: z.object({ conversation }),
});
