import { z } from "zod";
import { conversationId, mediaId } from "../ids.ts";
import { limits } from "../limits.ts";
import { lineOfText, timestamp } from "../text.ts";

/** The life of a medium, in this order, but for `failed` [M2]. */
export const mediaState = z.enum(["initiated", "uploaded", "active", "attached", "deleting", "deleted", "failed"]);
export type MediaState = z.infer<typeof mediaState>;

/** Shown to people, never a path: what would lead elsewhere is refused. */
export const fileName = lineOfText(limits.fileName).refine(
  (name) => !/[/\\\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(name),
  "must be a plain file name",
);

/** A media type without parameters, such as `image/png`. */
export const contentType = z
  .string()
  .toLowerCase()
  .max(127)
  .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/, "must be a media type such as image/png");

/** What everyone who may have it learns of a file, in a message too. */
export const attachment = z.object({
  id: mediaId,
  fileName: z.string(),
  contentType: z.string(),
  /** bytes */
  size: z.int().min(1),
  /** pixels, of a picture; absent until it was looked into, and for everything else */
  width: z.int().min(1).optional(),
  height: z.int().min(1).optional(),
});
export type Attachment = z.infer<typeof attachment>;

/** An upload and what became of it. */
export const media = attachment.extend({
  state: mediaState,
  /** What it was uploaded for: the messages of a conversation, or to be somebody's picture. */
  conversationId: conversationId.optional(),
  purpose: z.literal("avatar").optional(),
  createdAt: timestamp,
});
export type Media = z.infer<typeof media>;

/** How a client puts the bytes into the store: exactly so, and until then [M3]. */
export const upload = z.object({
  method: z.literal("PUT"),
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  expiresAt: timestamp,
});
export type Upload = z.infer<typeof upload>;
