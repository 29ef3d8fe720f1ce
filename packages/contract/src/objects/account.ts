import { z } from "zod";
import { timestamp } from "../text.ts";
import { ownUser } from "./user.ts";

/** An account as those who run the server see it. */
export const account = ownUser
  .omit({ bio: true, presence: true, lastSeenAt: true, status: true, timeZone: true, language: true })
  .extend({
    isSuspended: z.boolean(),
    /** Only while suspended. */
    suspension: z.object({ since: timestamp, until: timestamp.optional(), reason: z.string().optional() }).optional(),
    createdAt: timestamp,
  });
export type Account = z.infer<typeof account>;
