import type { UserId } from "@hubbub/contract";
import type { Database } from "../../ports/database.ts";

/** Whether this person runs the server. */
export async function isAdmin(db: Database, userId: UserId): Promise<boolean> {
  const row = await db
    .selectFrom("users")
    .select("is_admin")
    .where("id", "=", userId)
    .where("suspended_at", "is", null)
    .executeTakeFirst();
  return row?.is_admin ?? false;
}
