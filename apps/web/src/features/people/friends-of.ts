import type { PeopleState, Users } from "@hubbub/client";
import type { FriendStatus, UserId } from "@hubbub/contract";

/** Friends by name; those who ask and are asked by time, the newest first. */
export function friendsOf(people: PeopleState | undefined, status: FriendStatus, users: Users): readonly UserId[] {
  const those = [...(people?.friends.values() ?? [])].filter((friend) => friend.status === status);
  const nameOf = (id: UserId): string => users.get(id)?.displayName ?? "";
  those.sort((a, b) =>
    status === "accepted"
      ? nameOf(a.userId).localeCompare(nameOf(b.userId))
      : Date.parse(b.requestedAt) - Date.parse(a.requestedAt),
  );
  return those.map(({ userId }) => userId);
}
