import { z } from "zod";
import { userId } from "../ids.ts";
import { timestamp } from "../text.ts";

/** What a person may say of themselves. Others see who is invisible as offline. */
export const chosenPresence = z.enum(["online", "away", "busy", "invisible"]);
export type ChosenPresence = z.infer<typeof chosenPresence>;

/** Only the person sees `invisible`. */
export const presence = z.enum([...chosenPresence.options, "offline"]);
export type Presence = z.infer<typeof presence>;

/** A few words beside the presence; gone after `expiresAt`. */
export const status = z.object({ text: z.string(), expiresAt: timestamp.optional() });
export type Status = z.infer<typeof status>;

/** What is seen of a person's presence: `status` while they are not offline, `lastSeenAt` while they are. */
export const presenceFields = {
  presence,
  status: status.optional(),
  /** When they were last seen by others. */
  lastSeenAt: timestamp.optional(),
};

/** One person's presence, as one other person may see it. Who may not see it, or nobody: offline, without a time. */
export const userStatus = z.object({ userId, ...presenceFields });
export type UserStatus = z.infer<typeof userStatus>;
