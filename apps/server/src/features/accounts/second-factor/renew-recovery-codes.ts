import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import type { ConfirmedSecondFactorDeps } from "./confirmed-second-factor-deps.ts";

export function renewRecoveryCodesOperation({ confirmation, secondFactor }: ConfirmedSecondFactorDeps): Operation {
  return defineOperation(operations.renewRecoveryCodes, {
    handle: async ({ password }, actor) => {
      const confirmed = await confirmation.of(actor, password);
      return confirmed.ok ? secondFactor.renewRecoveryCodes(actor.userId) : confirmed;
    },
    rest: (recoveryCodes) => ({ body: { recoveryCodes } }),
  });
}
