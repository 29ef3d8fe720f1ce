import { z } from "zod";
import { friend, friendStatus } from "../objects/friend.ts";
import { operation } from "../operation.ts";
import { page, pageOf } from "../page.ts";

/** The caller's friends, and those of whom one asks the other; those of one status, or all. The newest request first. */
export const listFriends = operation({
  summary: "The caller's friends and friend requests, of one status or all, the newest request first.",
  kind: "query",
  access: "signedIn",
  route: { method: "GET", path: "/friends", status: 200 },
  input: z.strictObject({ status: friendStatus.optional(), ...page }),
  output: pageOf(friend),
});
