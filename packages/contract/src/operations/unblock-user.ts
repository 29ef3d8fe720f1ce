import { z } from "zod";
import { userId } from "../ids.ts";
import { nothing, operation } from "../operation.ts";

export const unblockUser = operation({
  summary: "Unblocks someone.",
  kind: "command",
  access: "signedIn",
  route: { method: "DELETE", path: "/blocks/{userId}", status: 204 },
  input: z.strictObject({ userId }),
  output: nothing,
});
