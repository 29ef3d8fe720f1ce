import { z } from "zod";
import { nothing, operation } from "../operation.ts";

/** Those that have had their effect are left out. */
export const requeueDeadLetter = operation({
  summary: "Gives an event that was put aside to the consumers that failed at it, for five tries more.",
  kind: "command",
  access: "admin",
  route: { method: "POST", path: "/admin/dead-letters/{deadLetterId}/requeue", status: 204 },
  input: z.strictObject({ deadLetterId: z.guid().toLowerCase() }),
  output: nothing,
});
