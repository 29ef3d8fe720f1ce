import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import type { Database } from "../../ports/database.ts";
import { readSettings } from "./own-settings.ts";

export function getOwnSettingsOperation({ db }: { readonly db: Database }): Operation {
  return defineOperation(operations.getOwnSettings, {
    handle: async (_input, { userId }) => ok({ settings: await readSettings(db, userId) }),
    rest: (body) => ({ body }),
  });
}
