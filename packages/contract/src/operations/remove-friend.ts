import { z } from "zod";
import { userId } from "../ids.ts";
import { nothing, operation } from "../operation.ts";

/** Ends a friendship, withdraws what the caller asked, or declines what they were asked. */
export const removeFriend = operation({
  summary: "Ends a friendship, withdraws what the caller asked, or declines what they were asked.",
  kind: "command",
  access: "signedIn",
  route: { method: "DELETE", path: "/friends/{userId}", status: 204 },
  input: z.strictObject({ userId }),
  output: nothing,
});
