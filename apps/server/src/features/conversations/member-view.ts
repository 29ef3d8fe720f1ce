import type { Member, Role, UserId } from "@hubbub/contract";

export interface MemberRow {
  readonly user_id: UserId;
  readonly role: Role;
  readonly joined_at: Date;
  /** Absent where they are not asked for, null where the reader may not see them. */
  readonly read_seq?: number | null;
  readonly delivered_seq?: number | null;
}

export function memberView({ user_id, role, joined_at, read_seq = null, delivered_seq = null }: MemberRow): Member {
  const marks = read_seq === null || delivered_seq === null ? {} : { readSeq: read_seq, deliveredSeq: delivered_seq };
  return { userId: user_id, role, joinedAt: joined_at.toISOString(), ...marks };
}
