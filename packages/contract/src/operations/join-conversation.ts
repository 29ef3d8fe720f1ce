import { z } from "zod";
import { conversationId } from "../ids.ts";
import { hubOnly, nothing } from "../operation.ts";
import { pts, seq } from "../text.ts";

/**
 * This connection views the conversation: typing, and presence of its members, arrive until it leaves or ends. Members
 * only; a connection views at most 20 conversations.
 */
export const joinConversation = hubOnly({
  summary: "Views a conversation: typing and its members' presence arrive. Members only.",
  kind: "query",
  access: "signedIn",
  input: z.strictObject({ conversationId }),
  hub: { method: "JoinConversation", arguments: ["conversationId"], output: z.object({ seq, pts }) },
});

export const leaveConversation = hubOnly({
  summary: "Views the conversation no longer.",
  kind: "query",
  access: "signedIn",
  input: z.strictObject({ conversationId }),
  hub: { method: "LeaveConversation", arguments: ["conversationId"], output: nothing },
});
