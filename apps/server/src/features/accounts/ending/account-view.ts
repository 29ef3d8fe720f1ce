import type { Account, UserId } from "@hubbub/contract";
import { type SuspensionColumns, suspensionColumns } from "./suspension.ts";

/** The columns that those who run the server see. */
export const accountColumns = [
  ...(["id", "username", "display_name", "email", "email_verified", "is_admin"] as const),
  ...suspensionColumns,
  "created_at",
] as const;

interface AccountRow extends SuspensionColumns {
  readonly id: UserId;
  readonly username: string;
  readonly display_name: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly is_admin: boolean;
  readonly created_at: Date;
}

function suspensionView({ suspended_until: until, suspension_reason: reason }: AccountRow, since: Date) {
  return {
    since: since.toISOString(),
    ...(until !== null && { until: until.toISOString() }),
    ...(reason !== null && { reason }),
  };
}

export function accountView(row: AccountRow): Account {
  const { id, username, email } = row;
  return {
    ...{ id, username, displayName: row.display_name, email, emailVerified: row.email_verified },
    ...{ isAdmin: row.is_admin, isSuspended: row.suspended_at !== null, createdAt: row.created_at.toISOString() },
    ...(row.suspended_at !== null && { suspension: suspensionView(row, row.suspended_at) }),
  };
}
