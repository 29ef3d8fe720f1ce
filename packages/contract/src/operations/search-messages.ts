import { z } from "zod";
import { conversationId, userId } from "../ids.ts";
import { limits } from "../limits.ts";
import { message } from "../objects/message.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";
import { lineOfText, timestamp } from "../text.ts";

/** UTF-16 units of the message's text: from the first to before the last. */
const range = z.object({ from: z.int().min(0), to: z.int().min(1) });

/**
 * Messages whose text and files' names have all the terms of `q`, in any order, newest first. A term is a word or its beginning, or several
 * words in quotation marks; in scripts without spaces it may stand anywhere. Case and accents do not count.
 * Without words it finds all that `has` something.
 */
export const searchMessages = operation({
  summary: "Finds messages that the caller may read, newest first.",
  kind: "query",
  access: "signedIn",
  limit: { name: "search" },
  route: { method: "GET", path: "/search", status: 200 },
  input: z
    .strictObject({
      q: lineOfText(limits.searchText).optional(),
      conversationId: conversationId.optional(),
      /** Whose messages. */
      from: userId.optional(),
      /** Of the sending: before a moment; at one or after it. */
      before: timestamp.optional(),
      after: timestamp.optional(),
      /** `media`: of any kind; `file`: what is no picture, film or sound. */
      has: z.enum(["link", "media", "image", "video", "audio", "file"]).optional(),
      ...page,
    })
    .refine(({ q, has }) => q !== undefined || has !== undefined, { path: ["q"], error: "must be given without has" }),
  output: pageOf(z.object({ message, highlights: z.array(range) })),
});
