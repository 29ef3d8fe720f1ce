import type { UserId } from "@hubbub/contract";
import type { Transactor } from "../../ports/database.ts";

export interface WaysToSignIn {
  readonly passkeys: number;
  readonly total: number;
}

/** Counts them under the account's lock: two that go at once would each see the other as the way that is left. */
export async function lockWaysToSignIn(tx: Transactor, userId: UserId): Promise<WaysToSignIn> {
  const account = await tx
    .selectFrom("users")
    .select("password_hash")
    .where("id", "=", userId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  const { identities, passkeys } = await tx
    .selectNoFrom((none) => [
      none
        .selectFrom("identities")
        .select((select) => select.fn.countAll<number>().as("count"))
        .where("user_id", "=", userId)
        .$asScalar()
        .$notNull()
        .as("identities"),
      none
        .selectFrom("passkeys")
        .select((select) => select.fn.countAll<number>().as("count"))
        .where("user_id", "=", userId)
        .$asScalar()
        .$notNull()
        .as("passkeys"),
    ])
    .executeTakeFirstOrThrow();
  const passwords = account?.password_hash == null ? 0 : 1;
  return { passkeys, total: passwords + identities + passkeys };
}
