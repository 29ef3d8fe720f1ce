import { z } from "zod";
import { emoji } from "../emoji.ts";
import { messageId, userId } from "../ids.ts";
import { messageReaction } from "../objects/message-reaction.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** Who reacted to a message with what: of one emoji, of one person, or all; those of each emoji in the order in which they came. */
export const listReactions = operation({
  summary: "Lists who reacted to a message with what.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/messages/{messageId}/reactions", status: 200 },
  input: z.strictObject({ messageId, emoji: emoji.optional(), userId: userId.optional(), ...page }),
  output: pageOf(messageReaction),
});
