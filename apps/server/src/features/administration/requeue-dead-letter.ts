import { operations } from "@hubbub/contract";
import { defineAdminOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { AdministrationDeps } from "./administration-deps.ts";

export function requeueDeadLetterOperation({
  isAdmin,
  deadLetters,
}: Pick<AdministrationDeps, "isAdmin" | "deadLetters">): Operation {
  return defineAdminOperation(operations.requeueDeadLetter, {
    isAdmin,
    handle: async ({ deadLetterId }) => ((await deadLetters.requeue(deadLetterId)) ? ok(null) : fail("NOT_FOUND")),
    rest: (body) => ({ body }),
  });
}
