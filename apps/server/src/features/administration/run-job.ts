import { operations } from "@hubbub/contract";
import { defineAdminOperation, type Operation } from "../../operations/operation.ts";
import { fail, ok } from "../../operations/result.ts";
import { recordAudit } from "../accounts/index.ts";
import type { AdministrationDeps } from "./administration-deps.ts";
import { jobView } from "./job-view.ts";

export function runJobOperation({ db, clock, isAdmin, jobs }: AdministrationDeps): Operation {
  return defineAdminOperation(operations.runJob, {
    isAdmin,
    handle: async ({ name }, { userId }) => {
      const outcome = await jobs.runNow(name);
      if (outcome === "running") return fail("CONFLICT", "The job is running.");
      if (outcome === "started") await recordAudit(db, clock, userId, { action: "jobRun", subject: name });
      const run = (await jobs.list()).find((job) => job.name === name);
      return run === undefined || outcome === undefined ? fail("NOT_FOUND") : ok({ job: jobView(run) });
    },
    rest: (body) => ({ body }),
  });
}
