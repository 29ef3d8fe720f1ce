import { z } from "zod";
import { deviceId } from "../ids.ts";
import { displayName } from "../objects/user.ts";
import { operation } from "../operation.ts";
import { opaqueText } from "../text.ts";
import { tokens } from "./login.ts";

export const idToken = opaqueText(8192).min(1);

/** Begins a session by an ID token of Google's, made for this server; the first time it makes the account. */
export const signInWithGoogle = operation({
  summary: "Signs in by an ID token of Google's; the first time it makes the account.",
  kind: "command",
  access: "public",
  limit: { name: "login" },
  route: { method: "POST", path: "/auth/google", status: 200 },
  input: z.strictObject({
    idToken,
    deviceId,
    deviceName: displayName.optional(),
    tokenDelivery: z.enum(["cookie", "body"]).optional(),
  }),
  output: tokens,
});
