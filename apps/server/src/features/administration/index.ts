import type { Operation } from "../../operations/operation.ts";
import type { AdministrationDeps } from "./administration-deps.ts";
import { listAuditOperation } from "./list-audit.ts";
import { listDeadLettersOperation } from "./list-dead-letters.ts";
import { listJobsOperation } from "./list-jobs.ts";
import { requeueDeadLetterOperation } from "./requeue-dead-letter.ts";
import { runJobOperation } from "./run-job.ts";

/** What those who run the server look at, and set right. */
export function administrationOperations(deps: AdministrationDeps): readonly Operation[] {
  return [
    listDeadLettersOperation(deps),
    requeueDeadLetterOperation(deps),
    listJobsOperation(deps),
    runJobOperation(deps),
    listAuditOperation(deps),
  ];
}
