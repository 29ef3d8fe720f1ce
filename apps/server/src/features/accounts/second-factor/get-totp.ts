import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import { ok } from "../../../operations/result.ts";
import type { SecondFactor } from "./second-factor.ts";

export function getTotpOperation(secondFactor: SecondFactor): Operation {
  return defineOperation(operations.getTotp, {
    handle: async (_input, { userId }) => ok(await secondFactor.state(userId)),
    rest: (body) => ({ body }),
  });
}
