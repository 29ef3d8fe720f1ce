import { operations } from "@hubbub/contract";
import { defineAdminOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok } from "../../../operations/result.ts";
import type { RegistrationInviteDeps } from "./registration-invite-deps.ts";

export function revokeRegistrationInviteOperation({ db, isAdmin }: RegistrationInviteDeps): Operation {
  return defineAdminOperation(operations.revokeRegistrationInvite, {
    isAdmin,
    handle: async ({ inviteId }) => {
      const { numDeletedRows } = await db
        .deleteFrom("registration_invites")
        .where("id", "=", inviteId)
        .executeTakeFirst();
      return numDeletedRows === 0n ? fail("NOT_FOUND") : ok(null);
    },
    rest: (body) => ({ body }),
  });
}
