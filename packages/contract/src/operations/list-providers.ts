import { z } from "zod";
import { provider } from "../objects/identity.ts";
import { operation } from "../operation.ts";

/** By whose word one may sign in here. */
export const listProviders = operation({
  summary: "By whose word one may sign in here.",
  kind: "query",
  access: "public",
  route: { method: "GET", path: "/auth/providers", status: 200 },
  input: z.strictObject({}),
  output: z.object({ items: z.array(provider) }),
});
