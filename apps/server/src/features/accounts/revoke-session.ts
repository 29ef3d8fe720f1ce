import { operations } from "@hubbub/contract";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { Sessions } from "./sessions.ts";

export interface RevokeSessionDeps {
  readonly sessions: Sessions;
}

/** A session of someone else is as one that does not exist. */
export function revokeSessionOperation({ sessions }: RevokeSessionDeps): Operation {
  return defineOperation(operations.revokeSession, {
    handle: async ({ sessionId }, { userId, sessionId: own }) => {
      const found = await sessions.end({ userId, sessionId }, "revoked");
      return found ? ok({ isOwn: sessionId === own }) : fail("NOT_FOUND");
    },
    rest: ({ isOwn }) => ({ body: null, ...(isOwn && { refreshCookie: null }) }),
  });
}
