import { z } from "zod";
import { nothing, operation } from "../operation.ts";

/** Ends the caller's session: its refresh token, its access token and its sockets. */
export const logout = operation({
  summary: "Ends the caller's session: its tokens and its sockets.",
  kind: "command",
  access: "signedIn",
  route: { method: "POST", path: "/auth/logout", status: 204 },
  input: z.strictObject({}),
  output: nothing,
});
