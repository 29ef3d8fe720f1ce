import { z } from "zod";
import { user } from "../objects/user.ts";
import { operation } from "../operation.ts";
import { opaqueText } from "../text.ts";

/** Without regard to case; a name that nobody could have is nobody's. */
export const getUserByUsername = operation({
  summary: "Finds a person by username, without regard to case.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/users/by-username/{username}", status: 200 },
  input: z.strictObject({ username: opaqueText(64) }),
  output: z.object({ user }),
});
