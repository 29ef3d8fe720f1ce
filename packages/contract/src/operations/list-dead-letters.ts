import { z } from "zod";
import { deadLetter } from "../objects/dead-letter.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** The newest events first. */
export const listDeadLetters = operation({
  summary: "Lists the events that were put aside after five failed tries, the newest first.",
  kind: "query",
  access: "admin",
  route: { method: "GET", path: "/admin/dead-letters", status: 200 },
  input: z.strictObject(page),
  output: pageOf(deadLetter),
});
