import { z } from "zod";
import { job } from "../objects/job.ts";
import { operation } from "../operation.ts";

/** All of them: there are few. */
export const listJobs = operation({
  summary: "Lists the server's jobs with their last runs and results.",
  kind: "query",
  access: "admin",
  route: { method: "GET", path: "/admin/jobs", status: 200 },
  input: z.strictObject({}),
  output: z.object({ items: z.array(job), nextCursor: z.null() }),
});
