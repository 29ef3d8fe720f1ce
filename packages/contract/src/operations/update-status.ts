import { z } from "zod";
import { limits } from "../limits.ts";
import { chosenPresence, userStatus } from "../objects/user-status.ts";
import { operation } from "../operation.ts";
import { lineOfText, timestamp } from "../text.ts";

/** Replaces one's status, on all devices. After `expiresAt` it is plain `online` again, without a text. */
export const updateStatus = operation({
  summary: "Replaces one's status: presence, a few words, and when they expire.",
  kind: "command",
  access: "signedIn",
  route: { method: "PUT", path: "/users/me/status", status: 200 },
  input: z.strictObject({
    presence: chosenPresence,
    text: lineOfText(limits.statusText).optional(),
    expiresAt: timestamp.optional(),
  }),
  output: z.object({ status: userStatus }),
  hub: { method: "UpdateStatus", output: userStatus, on: ["chat", "presence"] },
});
