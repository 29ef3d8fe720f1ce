import type { User, UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Database } from "../../ports/database.ts";

/** The columns that everyone signed in may see. */
export const publicUserColumns = ["id", "username", "display_name as displayName"] as const;

/** Those of the ids that exist. */
export function findUsers(db: Database, ids: readonly UserId[]): Promise<User[]> {
  const among = sql<never>`any(${ids})`; // not a list of parameters: every length would be another prepared statement
  return db.selectFrom("users").select(publicUserColumns).where("id", "=", among).orderBy("id").execute();
}
