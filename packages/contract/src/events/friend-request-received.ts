import { z } from "zod";
import { friend } from "../objects/friend.ts";

/** Someone asks the receiver to be friends. Numbered by `userPts`. */
export const friendRequestReceived = z.object({ friend, userPts: z.int().min(0) });
