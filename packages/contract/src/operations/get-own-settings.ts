import { z } from "zod";
import { settings } from "../objects/settings.ts";
import { operation } from "../operation.ts";

export const getOwnSettings = operation({
  summary: "The caller's privacy and notification settings.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/users/me/settings", status: 200 },
  input: z.strictObject({}),
  output: z.object({ settings }),
});
