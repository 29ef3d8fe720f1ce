import { z } from "zod";
import { conversationId } from "../ids.ts";
import { conversation } from "../objects/conversation.ts";
import { operation } from "../operation.ts";

/** Enters a public channel; who is a member already stays as they are. */
export const joinChannel = operation({
  summary: "Enters a public channel.",
  kind: "command",
  access: "signedIn",
  route: { method: "POST", path: "/conversations/{conversationId}/join", status: 200 },
  input: z.strictObject({ conversationId }),
  output: z.object({ conversation }),
});
