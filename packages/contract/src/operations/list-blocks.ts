import { z } from "zod";
import { block } from "../objects/block.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** Whom the caller blocked. */
export const listBlocks = operation({
  summary: "Whom the caller blocked.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/blocks", status: 200 },
  input: z.strictObject(page),
  output: pageOf(block),
});
