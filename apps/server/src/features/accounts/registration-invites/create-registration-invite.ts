import { newRegistrationInviteId, operations } from "@hubbub/contract";
import { defineAdminOperation, type Operation } from "../../../operations/operation.ts";
import { ok } from "../../../operations/result.ts";
import type { RegistrationInviteDeps } from "./registration-invite-deps.ts";
import { hashOf, inviteColumns, inviteView, newToken } from "./registration-invites.ts";

export function createRegistrationInviteOperation({ db, clock, isAdmin }: RegistrationInviteDeps): Operation {
  return defineAdminOperation(operations.createRegistrationInvite, {
    isAdmin,
    handle: async ({ expiresInHours, maxUses }, { userId }) => {
      const token = newToken();
      const now = clock.now();
      const row = await db
        .insertInto("registration_invites")
        .values({
          id: newRegistrationInviteId(now),
          hash: hashOf(token),
          created_by: userId,
          created_at: new Date(now),
          expires_at: new Date(now + expiresInHours * 3_600_000),
          max_uses: maxUses,
        })
        .returning(inviteColumns)
        .executeTakeFirstOrThrow();
      return ok({ invite: inviteView(row), token });
    },
    rest: (body) => ({ body }),
  });
}
