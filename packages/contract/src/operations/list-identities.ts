import { z } from "zod";
import { identity } from "../objects/identity.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** The caller's accounts with providers, by the provider's name. */
export const listIdentities = operation({
  summary: "The caller's accounts with providers.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/auth/identities", status: 200 },
  input: z.strictObject(page),
  output: pageOf(identity),
});
