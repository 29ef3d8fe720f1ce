import { z } from "zod";
import { conversationId } from "../ids.ts";
import { limits } from "../limits.ts";
import { message } from "../objects/message.ts";
import { operation } from "../operation.ts";

/** The pinned messages that the caller sees, the latest pin first. */
export const listPins = operation({
  summary: "Lists a conversation's pinned messages, the latest pin first.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/conversations/{conversationId}/pins", status: 200 },
  input: z.strictObject({ conversationId }),
  output: z.object({ items: z.array(message).max(limits.pins) }),
});
