import { z } from "zod";
import { userId } from "../ids.ts";
import { limits } from "../limits.ts";
import { userStatus } from "../objects/user-status.ts";
import { hubOnly, nothing } from "../operation.ts";

const input = z.strictObject({ userIds: z.array(userId).max(limits.watchedUsers.aCall) });

/** From now on this connection hears of these people's presence; the answer is what it is now. */
export const watchPresence = hubOnly({
  summary: "Hears of people's presence from now on; answers what it is now.",
  kind: "query",
  access: "signedIn",
  input,
  hub: { method: "WatchPresence", arguments: ["userIds"], output: z.array(userStatus), on: ["chat", "presence"] },
});

export const unwatchPresence = hubOnly({
  summary: "Hears of these people's presence no longer.",
  kind: "query",
  access: "signedIn",
  input,
  hub: { method: "UnwatchPresence", arguments: ["userIds"], output: nothing, on: ["chat", "presence"] },
});
