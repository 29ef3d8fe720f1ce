import { operations } from "@hubbub/contract";
import { defineAdminOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import { recordAudit } from "../accounts/index.ts";
import type { AdministrationDeps } from "./administration-deps.ts";

export function requeueDeadLetterOperation({ db, clock, isAdmin, deadLetters }: AdministrationDeps): Operation {
  return defineAdminOperation(operations.requeueDeadLetter, {
    isAdmin,
    handle: async ({ deadLetterId }, { userId }) => {
      if (!(await deadLetters.requeue(deadLetterId))) return fail("NOT_FOUND");
      await recordAudit(db, clock, userId, { action: "deadLetterRequeued", subject: deadLetterId });
      return ok(null);
    },
    rest: (body) => ({ body }),
  });
}
