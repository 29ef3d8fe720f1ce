import { z } from "zod";
import { limits } from "../limits.ts";
import { freeText, timestamp } from "../text.ts";
import { notifications } from "./settings.ts";

/** What a member chose for a conversation; others do not see it. */
export const conversationSettings = z.object({
  /** Until then only messages that name the member alert them. */
  mutedUntil: timestamp.optional(),
  /** Absent: as in one's own settings. */
  notify: notifications.shape.notify.optional(),
  pinned: z.boolean(),
  /** Out of the way until it is taken back, whatever is written there; and quiet, as if muted. */
  archived: z.boolean(),
  /** What is not sent yet. */
  draft: z.string().optional(),
});
export type ConversationSettings = z.infer<typeof conversationSettings>;

/** What holds until a member chooses otherwise. */
export const defaultConversationSettings: ConversationSettings = { pinned: false, archived: false };

/** `null` takes away. */
export const conversationSettingsChange = z.strictObject({
  mutedUntil: timestamp
    .refine((time) => time >= "1970", "must not be before 1970")
    .nullable()
    .optional(),
  notify: notifications.shape.notify.nullable().optional(),
  pinned: z.boolean().optional(),
  archived: z.boolean().optional(),
  draft: freeText(limits.messageText).nullable().optional(),
});
