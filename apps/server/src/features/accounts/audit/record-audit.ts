import { type AuditAction, newAuditEntryId, type UserId } from "@hubbub/contract";
import type { Clock } from "../../../ports/clock.ts";
import type { Database, Transactor } from "../../../ports/database.ts";

type AboutAccount = Exclude<AuditAction, "deadLetterRequeued" | "jobRun">;

/** What an admin did, and to whom or what. */
export type AuditRecord =
  | { readonly action: AboutAccount; readonly userId: UserId }
  | { readonly action: "deadLetterRequeued" | "jobRun"; readonly subject: string };

/** @param db the transaction of what was done, where there is one */
export async function recordAudit(
  db: Database | Transactor,
  clock: Clock,
  adminId: UserId,
  record: AuditRecord,
): Promise<void> {
  const now = clock.now();
  await db
    .insertInto("admin_audit")
    .values({
      ...{ id: newAuditEntryId(now), admin_id: adminId, action: record.action, created_at: new Date(now) },
      ...("userId" in record ? { user_id: record.userId } : { subject: record.subject }),
    })
    .execute();
}
