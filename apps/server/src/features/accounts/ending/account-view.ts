import type { Account, UserId } from "@hubbub/contract";

/** The columns that those who run the server see. */
export const accountColumns = [
  ...(["id", "username", "display_name", "email", "email_verified", "is_admin"] as const),
  ...(["suspended_at", "created_at"] as const),
] as const;

interface AccountRow {
  readonly id: UserId;
  readonly username: string;
  readonly display_name: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly is_admin: boolean;
  readonly suspended_at: Date | null;
  readonly created_at: Date;
}

export function accountView(row: AccountRow): Account {
  const { id, username, email } = row;
  return {
    ...{ id, username, displayName: row.display_name, email, emailVerified: row.email_verified },
    ...{ isAdmin: row.is_admin, isSuspended: row.suspended_at !== null, createdAt: row.created_at.toISOString() },
  };
}
