import { z } from "zod";
import { userId } from "../ids.ts";
import { friend } from "../objects/friend.ts";
import { operation } from "../operation.ts";
import { opaqueText } from "../text.ts";

/**
 * Asks somebody to be friends; somebody who asked already becomes a friend. By e-mail address the answer is an empty 202
 * whether it is anyone's or not, and what was asked is shown once it is accepted.
 */
export const requestFriend = operation({
  summary: "Asks somebody to be friends. By e-mail address the answer is always an empty 202.",
  kind: "command",
  access: "signedIn",
  limit: { name: "friendRequest" },
  route: { method: "POST", path: "/friends", status: 201 },
  input: z
    .strictObject({
      userId: userId.optional(),
      username: opaqueText(64).optional(),
      email: z.email().max(254).optional(),
    })
    .refine((input) => Object.keys(input).length === 1, "must name one of userId, username and email"),
  output: z.object({ friend: friend.optional() }),
});
