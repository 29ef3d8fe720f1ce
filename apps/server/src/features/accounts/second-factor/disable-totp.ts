import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import type { Confirmation } from "../confirmation.ts";
import type { SecondFactor } from "./second-factor.ts";

export interface DisableTotpDeps {
  readonly confirmation: Confirmation;
  readonly secondFactor: SecondFactor;
}

export function disableTotpOperation({ confirmation, secondFactor }: DisableTotpDeps): Operation {
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
