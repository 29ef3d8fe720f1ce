import { z } from "zod";
import { userId } from "../ids.ts";
import { limits } from "../limits.ts";
import { account } from "../objects/account.ts";
import { operation } from "../operation.ts";
import { lineOfText, timestamp } from "../text.ts";

/**
 * Suspension ends all sessions and sockets, and nobody signs in (`FORBIDDEN`, with `until` where it ends by itself) until
 * it is taken back. Suspending again replaces reason and end. `CONFLICT` for the last admin, `FORBIDDEN` for one's own.
 */
export const updateAccount = operation({
  summary: "Suspends an account or takes that back, and makes its person an admin or not.",
  kind: "command",
  access: "admin",
  route: { method: "PATCH", path: "/admin/users/{userId}", status: 200 },
  input: z
    .strictObject({
      userId,
      isSuspended: z.boolean().optional(),
      /** Told to the person who tries to sign in. */
      suspensionReason: lineOfText(limits.suspensionReason).optional(),
      /** When the suspension ends by itself; to come. */
      suspendedUntil: timestamp.optional(),
      isAdmin: z.boolean().optional(),
    })
    .refine(
      ({ isSuspended, isAdmin }) => isSuspended !== undefined || isAdmin !== undefined,
      "must change at least one field",
    )
    .refine(
      ({ isSuspended, suspensionReason, suspendedUntil }) =>
        isSuspended === true || (suspensionReason === undefined && suspendedUntil === undefined),
      "must say isSuspended with suspensionReason or suspendedUntil",
    ),
  output: z.object({ user: account }),
});
