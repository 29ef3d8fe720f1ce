import { z } from "zod";
import { userId } from "../ids.ts";
import { settings } from "../objects/settings.ts";

/** The receiver changed their settings, or whom they block, on some device of theirs. Numbered by `userPts`. */
export const settingsUpdated = z.object({
  settings,
  block: z.object({ userId, isBlocked: z.boolean() }).optional(),
  userPts: z.int().min(0),
});
