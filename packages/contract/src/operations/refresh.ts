import { z } from "zod";
import { deviceId } from "../ids.ts";
import { operation } from "../operation.ts";
import { opaqueText } from "../text.ts";
import { tokens } from "./login.ts";

/** Trades a refresh token, from the cookie or the body, for new tokens. Each is good once. */
export const refresh = operation({
  summary: "Trades a refresh token, from the cookie or the body, for new tokens.",
  kind: "command",
  access: "public",
  route: { method: "POST", path: "/auth/refresh", status: 200 },
  input: z.strictObject({ deviceId, refreshToken: opaqueText(256).optional() }),
  output: tokens,
});
