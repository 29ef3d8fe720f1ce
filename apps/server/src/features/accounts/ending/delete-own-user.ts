import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import { Refused } from "../../../operations/result.ts";
import { Confirmation } from "../confirmation.ts";
import type { AccountRemoval } from "./account-removal.ts";

export interface DeleteOwnUserDeps {
  readonly confirmation: Confirmation;
  readonly removal: AccountRemoval;
}

export function deleteOwnUserOperation({ confirmation, removal }: DeleteOwnUserDeps): Operation {
  return defineOperation(operations.deleteOwnUser, {
    handle: async ({ password }, actor) => {
      const confirmed = await confirmation.of(actor, password);
      if (!confirmed.ok) return confirmed;
      return removal.remove(actor.userId, actor.userId, async (tx) => {
        if (!(await Confirmation.holds(tx, actor, confirmed.value))) throw new Refused({ code: "UNAUTHENTICATED" });
      });
    },
    rest: (body) => ({ body, refreshCookie: null }),
  });
}
