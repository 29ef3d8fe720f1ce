import { z } from "zod";
import { conversationId } from "../ids.ts";
import { contentType, fileName, media, upload } from "../objects/media.ts";
import { operation } from "../operation.ts";

/**
 * Names a file that is about to be uploaded, for the messages of a conversation in which the caller may write, or to be a
 * picture of a person or a conversation [M1]. Answers where and how to put its bytes.
 */
export const createMedia = operation({
  summary: "Begins an upload: answers where and how to put the bytes.",
  kind: "command",
  access: "signedIn",
  route: { method: "POST", path: "/media", status: 201 },
  input: z
    .strictObject({
      fileName,
      contentType,
      /** bytes */
      size: z.int().min(1),
      conversationId: conversationId.optional(),
      purpose: z.literal("avatar").optional(),
    })
    .refine(
      (input) => (input.conversationId === undefined) !== (input.purpose === undefined),
      "must have either a conversationId or a purpose",
    ),
  output: z.object({ media, upload }),
});
