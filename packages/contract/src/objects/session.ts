import { z } from "zod";
import { deviceId, sessionId } from "../ids.ts";
import { timestamp } from "../text.ts";

/** One device on which the caller is signed in. */
export const session = z.object({
  id: sessionId,
  deviceId,
  deviceName: z.string().optional(),
  createdAt: timestamp,
  /** When it last got new tokens. */
  lastUsedAt: timestamp,
  /** When it ends unless it is used before. */
  expiresAt: timestamp,
  /** The one that asks. */
  current: z.boolean(),
});
export type Session = z.infer<typeof session>;

/** Why a session ended. */
export const sessionEnd = z.enum([
  ...(["signedOut", "replaced", "revoked", "tokenReused", "passwordChanged", "expired"] as const),
  ...(["suspended", "accountDeleted"] as const),
]);
export type SessionEnd = z.infer<typeof sessionEnd>;
