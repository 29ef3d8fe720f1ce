import { z } from "zod";
import { conversationId } from "../ids.ts";
import { limits } from "../limits.ts";
import { message } from "../objects/message.ts";
import { hubOnly } from "../operation.ts";

/** Streams the messages before a seq, or the newest ones where it is null, ascending by seq. */
export const history = hubOnly({
  summary: "Streams a piece of history, ascending by seq.",
  kind: "query",
  access: "signedIn",
  input: z.strictObject({
    conversationId,
    beforeSeq: z.int().min(0).nullable(),
    limit: z.int().min(1).max(limits.page.most),
  }),
  hub: { method: "History", arguments: ["conversationId", "beforeSeq", "limit"], output: message, streams: true },
});
