import type { MediaId, OwnUser, User, UserId, UserStatus } from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";

/** The columns that everyone signed in may see. */
export const publicUserColumns = ["id", "username", "display_name", "avatar_media_id", "bio", "deleted_at"] as const;

/** The columns that only the person sees. */
export const ownUserColumns = [
  ...publicUserColumns,
  "email",
  "email_verified",
  "is_admin",
  "time_zone",
  "language",
] as const;

export interface PublicUserRow {
  readonly id: UserId;
  readonly username: string;
  readonly display_name: string;
  readonly avatar_media_id: MediaId | null;
  readonly bio: string | null;
  readonly deleted_at: Date | null;
}

interface OwnUserRow extends PublicUserRow {
  readonly email: string;
  readonly email_verified: boolean;
  readonly is_admin: boolean;
  readonly time_zone: string | null;
  readonly language: string | null;
}

export function publicUser(row: PublicUserRow): User {
  const { id, username, display_name, avatar_media_id, bio, deleted_at } = row;
  return {
    ...{ id, username, displayName: display_name },
    ...(avatar_media_id !== null && { avatarMediaId: avatar_media_id }),
    ...(bio !== null && { bio }),
    ...(deleted_at !== null && { isDeleted: true as const }),
  };
}

export function ownUser(row: OwnUserRow): OwnUser {
  const { email, email_verified, is_admin, time_zone, language } = row;
  return {
    ...publicUser(row),
    email,
    emailVerified: email_verified,
    isAdmin: is_admin,
    ...(time_zone !== null && { timeZone: time_zone }),
    ...(language !== null && { language }),
  };
}

/** Those of the ids that exist; also of deleted accounts, whose messages stay. */
export async function findUsers(db: Database, ids: readonly UserId[]): Promise<User[]> {
  const among = sql<never>`any(${ids})`; // not a list of parameters: every length would be another prepared statement
  const rows = await db.selectFrom("users").select(publicUserColumns).where("id", "=", among).orderBy("id").execute();
  return rows.map(publicUser);
}

/** What a viewer may see of people's presence; of whom nothing is said they see nothing. */
export type PresenceOf = (viewer: UserId, people: readonly UserId[]) => Promise<ReadonlyMap<UserId, UserStatus>>;

/** People as one viewer sees them. Who may not be seen looks like someone who never was there. */
export async function withPresence(users: readonly User[], viewer: UserId, presenceOf: PresenceOf): Promise<User[]> {
  const statuses = await presenceOf(
    viewer,
    users.map(({ id }) => id),
  );
  return users.map((user) => {
    const { userId: _, ...seen } = statuses.get(user.id) ?? { userId: user.id, presence: "offline" as const };
    return { ...user, ...seen };
  });
}
