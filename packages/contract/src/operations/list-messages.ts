import { z } from "zod";
import { conversationId, messageId } from "../ids.ts";
import { message } from "../objects/message.ts";
import { operation } from "../operation.ts";
import { pageLimit, pageOf } from "../page.ts";
import { integerFromQuery } from "../text.ts";

const seqFromQuery = integerFromQuery(0, Number.MAX_SAFE_INTEGER).optional();

/**
 * A piece of history, ascending by seq: the newest, those before or after a seq, or those around one. Of the main
 * history, without replies in threads; with `threads=include` of all messages; with `threadRootId` of the replies in
 * one thread [L15].
 * `nextCursor` is the seq to go on from in the same direction.
 */
export const listMessages = operation({
  summary: "Lists a piece of history, ascending by seq.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/conversations/{conversationId}/messages", status: 200 },
  input: z
    .strictObject({
      conversationId,
      beforeSeq: seqFromQuery,
      afterSeq: seqFromQuery,
      aroundSeq: seqFromQuery,
      threadRootId: messageId.optional(),
      threads: z.literal("include").optional(),
      limit: pageLimit,
    })
    .refine(
      ({ beforeSeq, afterSeq, aroundSeq }) =>
        [beforeSeq, afterSeq, aroundSeq].filter((seq) => seq !== undefined).length <= 1,
      "takes one of beforeSeq, afterSeq and aroundSeq",
    ),
  output: pageOf(message),
});
