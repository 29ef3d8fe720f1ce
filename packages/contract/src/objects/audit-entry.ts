import { z } from "zod";
import { userId } from "../ids.ts";
import { timestamp } from "../text.ts";

/** What an admin can do that is written down. */
export const auditAction = z.enum([
  "accountSuspended",
  "accountLetInAgain",
  "adminMade",
  "adminUnmade",
  "accountDeleted",
  "deadLetterRequeued",
  "jobRun",
]);
export type AuditAction = z.infer<typeof auditAction>;

/** What an admin did. */
export const auditEntry = z.object({
  id: z.guid(),
  action: auditAction,
  by: userId,
  /** Whose account it is about. */
  userId: userId.optional(),
  /** The id of the event, or the name of the job. */
  subject: z.string().optional(),
  createdAt: timestamp,
});
export type AuditEntry = z.infer<typeof auditEntry>;
