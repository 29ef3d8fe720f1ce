import type { ConversationType, Role } from "@hubbub/contract";
import { fail, ok, type Result } from "../../operations/result.ts";

const RANK: Record<Role, number> = { member: 0, admin: 1, owner: 2 };

interface Membership {
  readonly type: ConversationType;
  readonly role: Role;
}

/** Titles, topics and the list of members are for owners and admins of groups and channels. */
export function mayManage({ type, role }: Membership): Result<true> {
  if (type === "direct") return fail("NOT_FOR_DIRECT");
  return RANK[role] >= RANK.admin ? ok(true) : fail("FORBIDDEN");
}

interface Removal extends Membership {
  readonly self: boolean;
  readonly targetRole: Role;
  readonly otherMembers: number;
  readonly otherOwners: number;
}

/** Everyone may leave, but for the last owner of others; who removes someone must stand above them. */
export function mayRemove({ type, role, self, targetRole, otherMembers, otherOwners }: Removal): Result<true> {
  if (type === "direct") return fail("NOT_FOR_DIRECT");
  if (self) return role === "owner" && otherOwners === 0 && otherMembers > 0 ? fail("LAST_OWNER") : ok(true);
  return RANK[role] >= RANK.admin && RANK[role] > RANK[targetRole] ? ok(true) : fail("FORBIDDEN");
}
