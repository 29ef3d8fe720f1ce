import { z } from "zod";
import { session } from "../objects/session.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** The caller's living sessions, the newest first. */
export const listSessions = operation({
  summary: "Lists the caller's living sessions, the newest first.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/auth/sessions", status: 200 },
  input: z.strictObject(page),
  output: pageOf(session),
});
