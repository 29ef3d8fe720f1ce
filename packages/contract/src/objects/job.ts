import { z } from "zod";
import { timestamp } from "../text.ts";

/** Work that one node does every so often. `failure` tells what the last run, when it failed, failed with. */
export const job = z.object({
  name: z.string(),
  state: z.enum(["waiting", "running", "succeeded", "failed"]),
  lastStartedAt: timestamp.optional(),
  lastFinishedAt: timestamp.optional(),
  failure: z.string().optional(),
});
export type Job = z.infer<typeof job>;
