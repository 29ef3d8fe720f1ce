import { z } from "zod";
import { nothing, operation } from "../operation.ts";

/** Ends all of the caller's sessions, this one too. */
export const logoutAll = operation({
  summary: "Ends all of the caller's sessions, this one too.",
  kind: "command",
  access: "signedIn",
  route: { method: "POST", path: "/auth/logout-all", status: 204 },
  input: z.strictObject({}),
  output: nothing,
});
