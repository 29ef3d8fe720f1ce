import { z } from "zod";
import { invitation } from "../objects/invitation.ts";

/** An invitation was answered or withdrawn: for who is invited and for who invited them. Numbered by `userPts`. */
export const invitationUpdated = z.object({ invitation, userPts: z.int().min(0) });
