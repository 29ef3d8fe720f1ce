import { type OperationInput, operations } from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import type { ChangePairDeps } from "./change-pair.ts";
import { settingsColumns, settingsView } from "./own-settings.ts";
import { pushPersonal, tellPeople } from "./personal-entries.ts";

export function updateOwnSettingsOperation({ db, broadcaster }: ChangePairDeps): Operation {
  return defineOperation(operations.updateOwnSettings, {
    handle: async (input, { userId }) => {
      const { told, settings } = await db.transaction().execute(async (tx) => {
        const chosen = columnsOf(input);
        const notifications = sql<object>`${input.notifications ?? {}}::jsonb`;
        const row = await tx
          .insertInto("user_settings")
          .values({ user_id: userId, ...chosen, notifications })
          .onConflict((conflict) =>
            conflict.column("user_id").doUpdateSet({
              ...chosen,
              notifications: sql<object>`user_settings.notifications || excluded.notifications`,
            }),
          )
          .returning(settingsColumns)
          .executeTakeFirstOrThrow();
        return {
          told: await tellPeople(tx, userId, [{ userId, event: "SettingsUpdated" }]),
          settings: settingsView(row),
        };
      });
      pushPersonal(broadcaster, told);
      return ok({ settings });
    },
    rest: (body) => ({ body }),
  });
}

function columnsOf({ privacy = {} }: OperationInput<"updateOwnSettings">) {
  const { writeToMe, addMe, seePresence, seeReceipts, findMe } = privacy;
  return {
    ...(writeToMe !== undefined && { write_to_me: writeToMe }),
    ...(addMe !== undefined && { add_me: addMe }),
    ...(seePresence !== undefined && { see_presence: seePresence }),
    ...(seeReceipts !== undefined && { see_receipts: seeReceipts }),
    ...(findMe !== undefined && { find_me: findMe }),
  };
}
