import { z } from "zod";
import { opaqueText } from "../text.ts";

/** Asks for the second step of a log-in: by it and a code of one of the methods one gets tokens. */
export const secondFactorChallenge = z.object({
  /** Good once. */
  challenge: z.string(),
  /** Seconds until it expires. */
  expiresIn: z.int(),
  methods: z.array(z.enum(["totp", "recoveryCode"])),
});
export type SecondFactorChallenge = z.infer<typeof secondFactorChallenge>;

/** What an authenticator app shows (RFC 6238); people may write it with spaces. */
export const totpCode = opaqueText(16)
  .transform((text) => text.replace(/\s/g, ""))
  .pipe(z.string().regex(/^\d{6}$/, "must have six digits"));

/** In any case, with or without its dashes. */
export const recoveryCode = opaqueText(64).min(1);
