import type { User, UserId } from "@hubbub/contract";
import type { Database } from "../../ports/database.ts";

/** The columns that everyone signed in may see. */
export const publicUserColumns = ["id", "username", "display_name as displayName"] as const;

/** Those of the ids that exist. */
export function findUsers(db: Database, ids: readonly UserId[]): Promise<User[]> {
  return db.selectFrom("users").select(publicUserColumns).where("id", "in", ids).orderBy("id").execute();
}
