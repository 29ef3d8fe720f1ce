import type { Member, Role, UserId } from "@hubbub/contract";

export interface MemberRow {
  readonly user_id: UserId;
  readonly role: Role;
  readonly joined_at: Date;
}

export function memberView({ user_id, role, joined_at }: MemberRow): Member {
  return { userId: user_id, role, joinedAt: joined_at.toISOString() };
}
