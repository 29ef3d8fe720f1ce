import type { ConversationType, Posting, Role } from "@hubbub/contract";
import { fail, ok, type Result } from "../../operations/result.ts";

const RANK: Record<Role, number> = { member: 0, admin: 1, owner: 2 };

/** Posters are all members where `posting` is everyone's, else admins; `none`: such a conversation does not have this. */
type Who = "members" | "posters" | "admins" | "owners" | "nobody" | "none";
type Row = Readonly<Record<ConversationType, Who>>;

const row = (direct: Who, group: Who, channel: Who): Row => ({ direct, group, channel });

/**
 * Who may do what, for members; for everyone else a conversation does not exist [C1]. Owners stand above admins, and
 * those above members: who may do what one of them may is told by the lowest. The hot path keeps the row `send` in its
 * SQL. A person's own messages are theirs to edit and to delete, whatever is written here.
 */
export const permissions = {
  //                     direct     group      channel
  read: row("members", "members", "members"),
  react: row("members", "members", "members"),
  send: row("posters", "posters", "posters"),
  pin: row("members", "admins", "admins"),
  deleteOthersMessage: row("nobody", "admins", "admins"),
  update: row("none", "admins", "admins"),
  hide: row("members", "none", "none"),
  deleteForEveryone: row("none", "owners", "owners"),
  addMember: row("none", "admins", "admins"),
  invite: row("none", "admins", "admins"),
  manageLinks: row("none", "admins", "admins"),
  leave: row("none", "members", "members"),
  removeMember: row("none", "admins", "admins"),
  ban: row("none", "admins", "admins"),
  changeRole: row("none", "owners", "owners"),
} as const satisfies Record<string, Row>;

export type Permission = keyof typeof permissions;

/** What a permission is judged by. */
export interface Membership {
  readonly type: ConversationType;
  readonly posting: Posting;
  readonly role: Role;
}

export function may(permission: Permission, { type, posting, role }: Membership): Result<true> {
  const who = permissions[permission][type];
  switch (who) {
    case "none":
      return fail("NOT_FOR_DIRECT");
    case "nobody":
      return fail("FORBIDDEN");
    case "members":
      return ok(true);
    case "posters":
      return posting === "everyone" ? ok(true) : atLeast("admin", role);
    case "admins":
      return atLeast("admin", role);
    case "owners":
      return atLeast("owner", role);
  }
}

const atLeast = (least: Role, role: Role): Result<true> => (RANK[role] >= RANK[least] ? ok(true) : fail("FORBIDDEN"));

/** Who is acted upon, and who is left beside them. */
export interface Target {
  readonly self: boolean;
  readonly role: Role;
  readonly otherMembers: number;
  readonly otherOwners: number;
}

/** Everyone may leave, but for the last owner of others; who removes someone must stand above them [C3]. */
export function mayRemove(actor: Membership, target: Target): Result<true> {
  if (!target.self) return mayActAbove("removeMember", actor, target.role);
  const allowed = may("leave", actor);
  return allowed.ok && isLastOwner(target) && target.otherMembers > 0 ? fail("LAST_OWNER") : allowed;
}

/** Who removes or bans someone must stand above them. */
export function mayActAbove(permission: "removeMember" | "ban", actor: Membership, targetRole: Role): Result<true> {
  const allowed = may(permission, actor);
  return allowed.ok && RANK[actor.role] <= RANK[targetRole] ? fail("FORBIDDEN") : allowed;
}

/** Owners give every role; everyone may step down; the last owner stays one [C3]. */
export function mayChangeRole(actor: Membership, target: Target, to: Role): Result<true> {
  const stepsDown = target.self && RANK[to] <= RANK[actor.role];
  const allowed = may(stepsDown ? "leave" : "changeRole", actor);
  return allowed.ok && isLastOwner(target) && to !== "owner" ? fail("LAST_OWNER") : allowed;
}

const isLastOwner = ({ role, otherOwners }: Target): boolean => role === "owner" && otherOwners === 0;
