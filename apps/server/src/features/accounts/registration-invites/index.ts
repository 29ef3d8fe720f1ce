import type { Operation } from "../../../operations/operation.ts";
import { createRegistrationInviteOperation } from "./create-registration-invite.ts";
import { listRegistrationInvitesOperation } from "./list-registration-invites.ts";
import type { RegistrationInviteDeps } from "./registration-invite-deps.ts";
import { revokeRegistrationInviteOperation } from "./revoke-registration-invite.ts";

/** Where only invited people may register, admins invite them. */
export function registrationInviteOperations(deps: RegistrationInviteDeps): Operation[] {
  return [
    createRegistrationInviteOperation(deps),
    listRegistrationInvitesOperation(deps),
    revokeRegistrationInviteOperation(deps),
  ];
}
