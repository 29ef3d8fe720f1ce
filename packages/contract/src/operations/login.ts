import { z } from "zod";
import { deviceId } from "../ids.ts";
import { secondFactorChallenge } from "../objects/second-factor.ts";
import { displayName, user } from "../objects/user.ts";
import { operation } from "../operation.ts";
import { opaqueText } from "../text.ts";
import { password } from "./register.ts";

export const tokens = z.object({
  accessToken: z.string(),
  tokenType: z.literal("Bearer"),
  /** Seconds until the access token expires. */
  expiresIn: z.int(),
  user,
  /** Only for clients that asked for it in the body; else it is in a cookie that scripts cannot read. */
  refreshToken: z.string().optional(),
});
export type Tokens = z.infer<typeof tokens>;

/** Begins a session on a device; an earlier session of the same device ends. Where log-ins need a code, asks for it first. */
export const login = operation({
  summary: "Begins a session on a device, whose earlier session ends; or asks for a second step.",
  kind: "command",
  access: "public",
  limit: { name: "login", account: "login" },
  route: { method: "POST", path: "/auth/login", status: 200 },
  input: z.strictObject({
    /** Username or e-mail address. */
    login: opaqueText(254).min(1),
    password,
    deviceId,
    deviceName: displayName.optional(),
    tokenDelivery: z.enum(["cookie", "body"]).optional(),
  }),
  output: z.union([tokens, z.object({ secondFactor: secondFactorChallenge })]),
});
