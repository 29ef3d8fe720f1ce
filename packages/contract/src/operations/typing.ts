import { z } from "zod";
import { conversationId } from "../ids.ts";
import { hubOnly, nothing } from "../operation.ts";

/**
 * Tells who views the conversation that the caller types; to be repeated while they do. What comes within 2 s of the
 * last that was told prolongs it, and is not told.
 */
export const startTyping = hubOnly({
  summary: "Tells who views the conversation that the caller types.",
  kind: "command",
  access: "signedIn",
  input: z.strictObject({ conversationId }),
  hub: { method: "StartTyping", arguments: ["conversationId"], output: nothing },
});

export const stopTyping = hubOnly({
  summary: "Tells that the caller types no longer.",
  kind: "command",
  access: "signedIn",
  input: z.strictObject({ conversationId }),
  hub: { method: "StopTyping", arguments: ["conversationId"], output: nothing },
});
