import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import type { ConfirmedSecondFactorDeps } from "./confirmed-second-factor-deps.ts";

export function setUpTotpOperation({ confirmation, secondFactor }: ConfirmedSecondFactorDeps): Operation {
  return defineOperation(operations.setUpTotp, {
    handle: async ({ password }, actor) => {
      const confirmed = await confirmation.of(actor, password);
      return confirmed.ok ? secondFactor.setUp(actor.userId) : confirmed;
    },
    rest: (body) => ({ body }),
  });
}
