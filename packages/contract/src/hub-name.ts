import { z } from "zod";

/** Chat offers everything; presence only presence and status; notifications only alerts without content. */
export const hubName = z.enum(["chat", "notifications", "presence"]);
export type HubName = z.infer<typeof hubName>;
