import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import type { ConfirmedSecondFactorDeps } from "./confirmed-second-factor-deps.ts";

export function disableTotpOperation({ confirmation, secondFactor }: ConfirmedSecondFactorDeps): Operation {
  return defineOperation(operations.disableTotp, {
    handle: async ({ password, code }, actor) => {
      if (password !== undefined) {
        const confirmed = await confirmation.of(actor, password);
        if (!confirmed.ok) return confirmed;
      }
      return secondFactor.disable(actor.userId, code);
    },
    rest: (body) => ({ body }),
  });
}
