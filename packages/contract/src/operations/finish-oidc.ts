import { z } from "zod";
import { providerId } from "../objects/identity.ts";
import { nothing, operation } from "../operation.ts";
import { opaqueText } from "../text.ts";

const part = opaqueText(4096).optional();

/**
 * Where the provider sends the browser back to. Ends in the page, with a session in the refresh cookie, or at the log-in
 * page with the code of what went wrong.
 */
export const finishOidc = operation({
  summary: "Where a provider sends the browser back to; ends in the page.",
  kind: "command",
  access: "public",
  route: { method: "GET", path: "/auth/oidc/{provider}/callback", status: 302 },
  input: z.strictObject({
    provider: providerId,
    code: part,
    state: part,
    iss: part,
    error: part,
    error_description: part,
    error_uri: part,
    // what known providers add
    session_state: part,
    scope: part,
    authuser: part,
    hd: part,
    prompt: part,
  }),
  output: nothing,
});
