import { z } from "zod";
import { deviceId } from "../ids.ts";
import { passkeyCredential } from "../objects/passkey.ts";
import { displayName } from "../objects/user.ts";
import { operation } from "../operation.ts";
import { tokens } from "./login.ts";

/** A complete log-in: a passkey is something one has, and its device has asked who one is. */
export const loginWithPasskey = operation({
  summary: "Begins a session by a passkey, without a name, a password or a second step.",
  kind: "command",
  access: "public",
  limit: { name: "login" },
  route: { method: "POST", path: "/auth/passkeys/login", status: 200 },
  input: z.strictObject({
    credential: passkeyCredential,
    deviceId,
    deviceName: displayName.optional(),
    tokenDelivery: z.enum(["cookie", "body"]).optional(),
  }),
  output: tokens,
});
