import { z } from "zod";
import { userId } from "../ids.ts";
import { nothing, operation } from "../operation.ts";

/** As its person would. `CONFLICT` for the last admin, `FORBIDDEN` for one's own, which takes one's password. */
export const deleteAccount = operation({
  summary: "Deletes an account for good: what its person wrote stays, without their name.",
  kind: "command",
  access: "admin",
  route: { method: "DELETE", path: "/admin/users/{userId}", status: 204 },
  input: z.strictObject({ userId }),
  output: nothing,
});
