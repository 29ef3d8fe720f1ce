import { operations, type UserId } from "@hubbub/contract";
import { defineAdminOperation, type Operation } from "../../../operations/operation.ts";
import { fail } from "../../../operations/result.ts";
import type { Clock } from "../../../ports/clock.ts";
import { recordAudit } from "../audit/record-audit.ts";
import type { AccountRemoval } from "./account-removal.ts";

export interface DeleteAccountDeps {
  readonly clock: Clock;
  readonly removal: AccountRemoval;
  readonly isAdmin: (user: UserId) => Promise<boolean>;
}

export function deleteAccountOperation({ clock, removal, isAdmin }: DeleteAccountDeps): Operation {
  return defineAdminOperation(operations.deleteAccount, {
    isAdmin,
    handle: ({ userId }, { userId: by }) =>
      userId === by
        ? fail("FORBIDDEN", "Your own account is deleted in your settings, with your password.")
        : removal.remove(userId, by, (tx) => recordAudit(tx, clock, by, { action: "accountDeleted", userId })),
    rest: (body) => ({ body }),
  });
}
