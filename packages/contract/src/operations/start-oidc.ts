import { z } from "zod";
import { deviceId } from "../ids.ts";
import { providerId } from "../objects/identity.ts";
import { displayName } from "../objects/user.ts";
import { nothing, operation } from "../operation.ts";

/** Sends a browser to the provider; it comes back to the callback. */
export const startOidc = operation({
  summary: "Sends a browser to a provider, from where it comes back to the callback.",
  kind: "query",
  access: "public",
  route: { method: "GET", path: "/auth/oidc/{provider}/start", status: 302 },
  input: z.strictObject({ provider: providerId, deviceId, deviceName: displayName.optional() }),
  output: nothing,
});
