import { operations } from "@hubbub/contract";
import { defineAdminOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import type { AdministrationDeps } from "./administration-deps.ts";
import { jobView } from "./job-view.ts";

export function runJobOperation({ isAdmin, jobs }: Pick<AdministrationDeps, "isAdmin" | "jobs">): Operation {
  return defineAdminOperation(operations.runJob, {
    isAdmin,
    handle: async ({ name }) => {
      const outcome = await jobs.runNow(name);
      if (outcome === "running") return fail("CONFLICT", "The job is running.");
      const run = (await jobs.list()).find((job) => job.name === name);
      return run === undefined || outcome === undefined ? fail("NOT_FOUND") : ok({ job: jobView(run) });
    },
    rest: (body) => ({ body }),
  });
}
