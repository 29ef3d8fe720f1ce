import type { UserId } from "@hubbub/contract";
import { sql } from "kysely";
import type { Transactor } from "../../ports/database.ts";

/**
 * Taken first by whatever changes what is between two people, or begins their conversation: whoever sends, changes or
 * marks in it is judged after the commit [P3] [L7].
 */
export async function lockPair(tx: Transactor, one: UserId, other: UserId): Promise<void> {
  await sql`select lock_pair(${one}::uuid, ${other}::uuid)`.execute(tx);
}
