import { z } from "zod";
import { ownUser } from "../objects/user.ts";
import { operation } from "../operation.ts";

/** The caller. */
export const getOwnUser = operation({
  summary: "Reads the caller.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/users/me", status: 200 },
  input: z.strictObject({}),
  output: z.object({ user: ownUser }),
});
