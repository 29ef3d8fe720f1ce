import { z } from "zod";
import { job } from "../objects/job.ts";
import { operation } from "../operation.ts";
import { opaqueText } from "../text.ts";

/** Answers when it has begun. `CONFLICT` while it runs, on whichever node. */
export const runJob = operation({
  summary: "Begins a daily job now; its result is read from the list.",
  kind: "command",
  access: "admin",
  route: { method: "POST", path: "/admin/jobs/{name}/run", status: 200 },
  input: z.strictObject({ name: opaqueText(100) }),
  output: z.object({ job }),
});
