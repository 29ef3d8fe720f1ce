import { z } from "zod";
import { auditEntry } from "../objects/audit-entry.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** The newest first. Nothing of it is ever changed or taken away. */
export const listAudit = operation({
  summary: "Lists what admins did to accounts, events and jobs, the newest first.",
  kind: "query",
  access: "admin",
  route: { method: "GET", path: "/admin/audit", status: 200 },
  input: z.strictObject(page),
  output: pageOf(auditEntry),
});
