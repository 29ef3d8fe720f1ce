import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../../operations/operation.ts";
import type { SecondFactor } from "./second-factor.ts";

export function setUpTotpOperation(secondFactor: SecondFactor): Operation {
  return defineOperation(operations.setUpTotp, {
    handle: (_input, { userId }) => secondFactor.setUp(userId),
    rest: (body) => ({ body }),
  });
}
