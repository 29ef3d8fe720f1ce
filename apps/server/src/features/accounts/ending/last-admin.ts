import type { UserId } from "@hubbub/contract";
import { Refused } from "../../../operations/result.ts";
import type { Transactor } from "../../../ports/database.ts";

/**
 * Taken before the accounts' own locks by whatever may take an admin away, so that of two admins who part at once one
 * stays.
 */
export async function lockAdmins(tx: Transactor): Promise<void> {
  await tx.selectFrom("installation").select("only_row").forUpdate().execute();
}

/** @throws Refused CONFLICT where nobody else could run the server */
export async function mustNotBeLastAdmin(tx: Transactor, userId: UserId): Promise<void> {
  const other = await tx
    .selectFrom("users")
    .select("id")
    .where("is_admin", "=", true)
    .where("suspended_at", "is", null)
    .where("id", "<>", userId)
    .limit(1)
    .executeTakeFirst();
  if (other === undefined)
    throw new Refused({ code: "CONFLICT", detail: "This is the last admin: make somebody else one first." });
}
