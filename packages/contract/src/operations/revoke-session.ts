import { z } from "zod";
import { sessionId } from "../ids.ts";
import { nothing, operation } from "../operation.ts";

/** Ends one of the caller's sessions: its tokens and its sockets. */
export const revokeSession = operation({
  summary: "Ends one of the caller's sessions: its tokens and its sockets.",
  kind: "command",
  access: "signedIn",
  route: { method: "DELETE", path: "/auth/sessions/{sessionId}", status: 204 },
  input: z.strictObject({ sessionId }),
  output: nothing,
});
