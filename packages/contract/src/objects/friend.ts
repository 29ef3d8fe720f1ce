import { z } from "zod";
import { userId } from "../ids.ts";
import { timestamp } from "../text.ts";
import { user } from "./user.ts";

/** As its owner sees it: a friend, someone who asks to be one, or someone who was asked. */
export const friendStatus = z.enum(["accepted", "incoming", "outgoing"]);
export type FriendStatus = z.infer<typeof friendStatus>;

/** The other side of a friendship or of a request for one. */
export const friend = z.object({
  userId,
  user,
  status: friendStatus,
  requestedAt: timestamp,
  acceptedAt: timestamp.optional(),
});
export type Friend = z.infer<typeof friend>;
