import { z } from "zod";

/** This connection may have missed something and must sync [L20]. */
export const syncRequired = z.object({ reason: z.enum(["missed", "epoch", "inbox"]).catch("missed") });
