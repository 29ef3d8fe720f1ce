import type { UserId } from "@hubbub/contract";
import { manyPersonal, onePersonal, type PersonalSection, pageByPage } from "../../operations/personal-section.ts";
import type { Database } from "../../ports/database.ts";

/** What is kept of somebody's account. Passwords, tokens and secrets are kept as hashes or encrypted, and are nobody's to have. */
export function accountSections(db: Database): readonly PersonalSection[] {
  return [
    onePersonal("account", (user) =>
      db
        .selectFrom("users")
        .select(["id", "username", "email", "email_verified as emailVerified", "display_name as displayName", "bio"])
        .select([
          "avatar_media_id as avatarMediaId",
          "time_zone as timeZone",
          "language",
          "is_admin as isAdmin",
          "created_at as createdAt",
        ])
        .select((of) => of("password_hash", "is not", null).as("hasPassword"))
        .where("id", "=", user)
        .executeTakeFirst(),
    ),
    manyPersonal("sessions", (user) => sessionsOf(db, user)),
    manyPersonal("identities", (user) => identitiesOf(db, user)),
    manyPersonal("passkeys", (user) => passkeysOf(db, user)),
    onePersonal("secondFactor", (user) => secondFactorOf(db, user)),
    manyPersonal("registrationInvites", (user) => registrationInvitesOf(db, user)),
  ];
}

function sessionsOf(db: Database, user: UserId): AsyncIterable<object> {
  const select = db
    .selectFrom("sessions")
    .select(["id", "device_id as deviceId", "device_name as deviceName", "created_at as createdAt"])
    .select(["last_used_at as lastUsedAt", "expires_at as expiresAt", "ended_at as endedAt", "end_reason as endReason"])
    .where("user_id", "=", user)
    .orderBy("id");
  return pageByPage<Awaited<ReturnType<typeof select.executeTakeFirstOrThrow>>>((after, limit) =>
    (after === undefined ? select : select.where("id", ">", after.id)).limit(limit).execute(),
  );
}

async function* identitiesOf(db: Database, user: UserId): AsyncIterable<object> {
  // one a provider
  yield* await db
    .selectFrom("identities")
    .select(["provider", "subject", "email", "created_at as createdAt"])
    .where("user_id", "=", user)
    .orderBy("provider")
    .execute();
}

async function* passkeysOf(db: Database, user: UserId): AsyncIterable<object> {
  // few, as people name each
  yield* await db
    .selectFrom("passkeys")
    .select(["id", "name", "backed_up as isBackedUp", "created_at as createdAt", "last_used_at as lastUsedAt"])
    .where("user_id", "=", user)
    .orderBy("id")
    .execute();
}

async function secondFactorOf(db: Database, user: UserId): Promise<object | undefined> {
  const app = await db
    .selectFrom("totp_secrets")
    .select("enabled_at as enabledAt")
    .where("user_id", "=", user)
    .executeTakeFirst();
  const codes = await db.selectFrom("recovery_codes").select("user_id").where("user_id", "=", user).execute();
  return app && { ...app, recoveryCodesLeft: codes.length };
}

async function* registrationInvitesOf(db: Database, user: UserId): AsyncIterable<object> {
  // those that are not over yet
  yield* await db
    .selectFrom("registration_invites")
    .select(["id", "created_at as createdAt", "expires_at as expiresAt", "max_uses as maxUses", "uses"])
    .where("created_by", "=", user)
    .orderBy("id")
    .execute();
}
