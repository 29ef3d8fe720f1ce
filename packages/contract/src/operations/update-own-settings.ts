import { z } from "zod";
import { notifications, privacy, settings } from "../objects/settings.ts";
import { operation } from "../operation.ts";

/** Changes the settings that are sent; the others stay as they are. */
export const updateOwnSettings = operation({
  summary: "Changes the settings that are sent; the others stay as they are.",
  kind: "command",
  access: "signedIn",
  route: { method: "PATCH", path: "/users/me/settings", status: 200 },
  input: z
    .strictObject({
      privacy: z.strictObject(privacy.partial().shape).optional(),
      notifications: z.strictObject(notifications.partial().shape).optional(),
    })
    .refine((input) => Object.keys(input).length > 0, "must change at least one setting"),
  output: z.object({ settings }),
});
