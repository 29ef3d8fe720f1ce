import { z } from "zod";
import { userId } from "../ids.ts";
import { friend } from "../objects/friend.ts";
import { operation } from "../operation.ts";

/** Accepts or declines what this person asked the caller. A declined request may be repeated after 7 days. */
export const answerFriendRequest = operation({
  summary: "Accepts or declines what this person asked the caller. A declined request may be repeated after 7 days.",
  kind: "command",
  access: "signedIn",
  route: { method: "PUT", path: "/friends/{userId}", status: 200 },
  input: z.strictObject({ userId, status: z.enum(["accepted", "declined"]) }),
  output: z.object({ friend: friend.optional() }),
});
