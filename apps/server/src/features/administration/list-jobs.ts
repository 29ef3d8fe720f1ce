import { operations } from "@hubbub/contract";
import { defineAdminOperation, type Operation } from "../../operations/operation.ts";
import { ok } from "../../operations/result.ts";
import type { AdministrationDeps } from "./administration-deps.ts";
import { jobView } from "./job-view.ts";

export function listJobsOperation({ isAdmin, jobs }: Pick<AdministrationDeps, "isAdmin" | "jobs">): Operation {
  return defineAdminOperation(operations.listJobs, {
    isAdmin,
    handle: async () => ok({ items: (await jobs.list()).map(jobView), nextCursor: null }),
    rest: (body) => ({ body }),
  });
}
