import type { ChosenPresence, UserId, UserStatus } from "@hubbub/contract";

/** A row of `presence_now`. */
export interface PresenceRow {
  readonly user_id: UserId;
  readonly chosen: ChosenPresence;
  readonly status_text: string | null;
  readonly status_expires_at: Date | null;
  readonly last_seen_at: Date | null;
  readonly is_present: boolean;
}

/** What is seen of nobody, and of whom one may not see. */
export const unseen = (userId: UserId): UserStatus => ({ userId, presence: "offline" });

/** As others see the person: who is invisible is offline in every respect. */
export function seenPresence(row: PresenceRow): UserStatus {
  if (!row.is_present || row.chosen === "invisible")
    return {
      ...unseen(row.user_id),
      ...(row.last_seen_at !== null && { lastSeenAt: row.last_seen_at.toISOString() }),
    };
  return { userId: row.user_id, presence: row.chosen, ...statusOf(row) };
}

/** As the person sees themselves. */
export function ownPresence(row: PresenceRow): UserStatus {
  return { userId: row.user_id, presence: row.is_present ? row.chosen : "offline", ...statusOf(row) };
}

function statusOf({ status_text: text, status_expires_at: expiresAt }: PresenceRow): Pick<UserStatus, "status"> {
  if (text === null) return {};
  return { status: { text, ...(expiresAt !== null && { expiresAt: expiresAt.toISOString() }) } };
}
