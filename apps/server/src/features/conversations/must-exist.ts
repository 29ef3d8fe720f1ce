import type { UserId } from "@hubbub/contract";
import { sql } from "kysely";
import { Refused } from "../../operations/result.ts";
import type { Transactor } from "../../ports/database.ts";

/** @throws Refused NOT_FOUND where one of them has no account */
export async function mustExist(tx: Transactor, ids: readonly UserId[]): Promise<void> {
  if (ids.length === 0) return;
  const { count } = await tx
    .selectFrom("users")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("id", "=", sql<never>`any(${ids})`)
    .where("deleted_at", "is", null)
    .executeTakeFirstOrThrow();
  if (count !== ids.length) throw new Refused({ code: "NOT_FOUND", detail: "One of these people has no account." });
}
