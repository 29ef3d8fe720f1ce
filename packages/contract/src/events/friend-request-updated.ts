import { z } from "zod";
import { userId } from "../ids.ts";
import { friend, friendStatus } from "../objects/friend.ts";

/** What is between the receiver and this person now; without `friend` there is nothing any more. Numbered by `userPts`. */
export const friendRequestUpdated = z.object({
  userId,
  status: z.enum([...friendStatus.options, "declined", "removed"]),
  friend: friend.optional(),
  userPts: z.int().min(0),
});
