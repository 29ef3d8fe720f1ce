import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import type { SecondFactor } from "./second-factor.ts";

export function enableTotpOperation(secondFactor: SecondFactor): Operation {
  return defineOperation(operations.enableTotp, {
    handle: ({ code }, { userId }) => secondFactor.enable(userId, code),
    rest: (recoveryCodes) => ({ body: { recoveryCodes } }),
  });
}
