import { z } from "zod";
import { userId } from "../ids.ts";
import { account } from "../objects/account.ts";
import { operation } from "../operation.ts";

/**
 * Suspension ends all sessions and sockets, and nobody signs in (`FORBIDDEN`) until it is taken back. `CONFLICT` for
 * the last admin, `FORBIDDEN` for one's own suspension.
 */
export const updateAccount = operation({
  summary: "Suspends an account or takes that back, and makes its person an admin or not.",
  kind: "command",
  access: "admin",
  route: { method: "PATCH", path: "/admin/users/{userId}", status: 200 },
  input: z
    .strictObject({ userId, isSuspended: z.boolean().optional(), isAdmin: z.boolean().optional() })
    .refine((input) => Object.keys(input).length > 1, "must change at least one field"),
  output: z.object({ user: account }),
});
