import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Sessions } from "./sessions.ts";

export interface LogoutAllDeps {
  readonly sessions: Sessions;
}

export function logoutAllOperation({ sessions }: LogoutAllDeps): Operation {
  return defineOperation(operations.logoutAll, {
    handle: async (_input, actor, origin) => {
      if (origin.site === "foreign") return fail("FORBIDDEN", "This site may not sign people out here.");
      await sessions.endAll(actor.userId);
      return ok(null);
    },
    rest: (body) => ({ body, refreshCookie: null }),
  });
}
