import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import { fail, ok } from "../../../operations/result.ts";
import type { Database } from "../../../ports/database.ts";
import { passkeyColumns, passkeyView } from "./passkeys.ts";

export function renamePasskeyOperation(db: Database): Operation {
  return defineOperation(operations.renamePasskey, {
    handle: async ({ passkeyId, name }, { userId }) => {
      const row = await db
        .updateTable("passkeys")
        .set({ name })
        .where("id", "=", passkeyId)
        .where("user_id", "=", userId)
        .returning(passkeyColumns)
        .executeTakeFirst();
      return row === undefined ? fail("NOT_FOUND") : ok(passkeyView(row));
    },
    rest: (passkey) => ({ body: { passkey } }),
  });
}
