import { z } from "zod";
import { invitation } from "../objects/invitation.ts";

/** Someone invited the receiver to a conversation. Numbered by `userPts`. */
export const invitationReceived = z.object({ invitation, userPts: z.int().min(0) });
