import { z } from "zod";
import { registrationInviteId, userId } from "../ids.ts";
import { timestamp } from "../text.ts";

/** Lets people register where only invited ones may. Its token is told once, when it is made. */
export const registrationInvite = z.object({
  id: registrationInviteId,
  createdBy: userId,
  createdAt: timestamp,
  expiresAt: timestamp,
  maxUses: z.int().min(1),
  uses: z.int().min(0),
});
export type RegistrationInvite = z.infer<typeof registrationInvite>;
