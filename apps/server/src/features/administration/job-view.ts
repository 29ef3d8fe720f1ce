import type { Job } from "@hubbub/contract";
import type { JobRun } from "../../ports/jobs.ts";

export function jobView({ name, startedAt, finishedAt, failure }: JobRun): Job {
  return {
    name,
    state: stateOf({ startedAt, finishedAt, failure }),
    ...(startedAt !== null && { lastStartedAt: startedAt.toISOString() }),
    ...(finishedAt !== null && { lastFinishedAt: finishedAt.toISOString() }),
    ...(failure !== null && { failure }),
  };
}

function stateOf({ startedAt, finishedAt, failure }: Omit<JobRun, "name">): Job["state"] {
  if (startedAt === null) return "waiting";
  if (finishedAt === null) return "running";
  return failure === null ? "succeeded" : "failed";
}
