import type { Friend, FriendStatus, User, UserId } from "@hubbub/contract";
import { type RawBuilder, sql } from "kysely";
import type { Database } from "../../ports/database.ts";
import { type PublicUserRow, publicUser, publicUserColumns } from "./public-user.ts";

export interface FriendRow extends PublicUserRow {
  readonly status: FriendStatus;
  readonly requested_at: Date;
  readonly accepted_at: Date | null;
}

const columns = sql.join(publicUserColumns.map((name) => sql.ref(`u.${name}`)));

/** Friends and requests as one person sees them, the newest first: what is hidden from them and what was declined is not there [P2]. */
export function selectFriends(userId: UserId, which: RawBuilder<unknown>, tail: RawBuilder<unknown>) {
  return sql<FriendRow>`
    select ${columns}, x.status, x.requested_at, x.accepted_at
    from (
      select case f.low_user_id when ${userId}::uuid then f.high_user_id else f.low_user_id end as peer_id,
             case when f.status = 'accepted' then 'accepted'
                  when f.requested_by = ${userId}::uuid then 'outgoing' else 'incoming' end as status,
             f.requested_at, case when f.status = 'accepted' then f.changed_at end as accepted_at
      from friendships f
      where (f.low_user_id = ${userId}::uuid or f.high_user_id = ${userId}::uuid)
        and f.status <> 'declined' and f.hidden_from is distinct from ${userId}::uuid
    ) x
    join users u on u.id = x.peer_id
    where ${which}
    order by x.requested_at desc, u.id desc ${tail}`;
}

export function friendView(row: FriendRow): Friend {
  const { status, requested_at, accepted_at } = row;
  const user: User = publicUser(row);
  return {
    userId: user.id,
    user,
    status,
    requestedAt: requested_at.toISOString(),
    ...(accepted_at !== null && { acceptedAt: accepted_at.toISOString() }),
  };
}

/** What of these people is a friend or between requests, as this person sees it. */
export async function viewFriends(
  db: Database,
  userId: UserId,
  peers: readonly UserId[],
): Promise<Map<UserId, Friend>> {
  if (peers.length === 0) return new Map();
  const { rows } = await selectFriends(userId, sql`x.peer_id = any(${peers}::uuid[])`, sql``).execute(db);
  return new Map(rows.map((row) => [row.id, friendView(row)]));
}
