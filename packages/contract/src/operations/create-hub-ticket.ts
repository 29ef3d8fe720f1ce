import { z } from "zod";
import { hubName } from "../hub-name.ts";
import { operation } from "../operation.ts";

/**
 * A ticket that opens one connection to one hub, in place of an access token: addresses end up in logs, and a ticket
 * found there is worth nothing.
 */
export const createHubTicket = operation({
  summary: "Issues a ticket that opens one connection to one hub, in place of an access token.",
  kind: "command",
  access: "signedIn",
  route: { method: "POST", path: "/auth/hub-ticket", status: 200 },
  input: z.strictObject({ hub: hubName.default("chat") }),
  output: z.object({
    ticket: z.string(),
    /** Seconds. */
    expiresIn: z.int(),
  }),
});
