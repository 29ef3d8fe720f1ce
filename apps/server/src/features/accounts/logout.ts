import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Sessions } from "./sessions.ts";

export interface LogoutDeps {
  readonly sessions: Sessions;
}

export function logoutOperation({ sessions }: LogoutDeps): Operation {
  return defineOperation(operations.logout, {
    handle: async (_input, actor, origin) => {
      if (origin.site === "foreign") return fail("FORBIDDEN", "This site may not sign people out here.");
      await sessions.end(actor, "signedOut");
      return ok(null);
    },
    rest: (body) => ({ body, refreshCookie: null }),
  });
}
