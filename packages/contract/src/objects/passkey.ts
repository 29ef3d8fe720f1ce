import { z } from "zod";
import { passkeyId } from "../ids.ts";
import { opaqueText, timestamp } from "../text.ts";

/** A key on a device, or in a password manager, by which the caller logs in. */
export const passkey = z.object({
  id: passkeyId,
  name: z.string(),
  createdAt: timestamp,
  lastUsedAt: timestamp.optional(),
  /** Whether it is kept beyond one device, so that it outlives it. */
  backedUp: z.boolean(),
});
export type Passkey = z.infer<typeof passkey>;

/** Bytes as WebAuthn writes them. @param most bytes */
const base64url = (most: number) =>
  opaqueText(Math.ceil((most * 4) / 3))
    .min(1)
    .regex(/^[\w-]+$/, "must be base64url");

const credentialId = base64url(1023);
/** What WebAuthn names so far; more may come. */
const transport = opaqueText(32);

const requirement = z.enum(["required", "preferred", "discouraged"]);

/** What `PublicKeyCredential.parseCreationOptionsFromJSON` takes. */
export const passkeyCreation = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  pubKeyCredParams: z.array(z.object({ type: z.literal("public-key"), alg: z.int() })),
  /** Milliseconds. */
  timeout: z.int(),
  excludeCredentials: z.array(
    z.object({ type: z.literal("public-key"), id: z.string(), transports: z.array(z.string()) }),
  ),
  authenticatorSelection: z.object({
    residentKey: requirement,
    requireResidentKey: z.boolean(),
    userVerification: requirement,
  }),
  attestation: z.literal("none"),
});
export type PasskeyCreation = z.infer<typeof passkeyCreation>;

/** What `PublicKeyCredential.parseRequestOptionsFromJSON` takes. */
export const passkeyRequest = z.object({
  challenge: z.string(),
  rpId: z.string(),
  /** Milliseconds. */
  timeout: z.int(),
  userVerification: requirement,
});
export type PasskeyRequest = z.infer<typeof passkeyRequest>;

/** Of `PublicKeyCredential.toJSON()` after a creation, what is looked at; browsers add to it as they please. */
export const newPasskeyCredential = z.object({
  id: credentialId,
  type: z.literal("public-key"),
  response: z.object({
    clientDataJSON: base64url(8 * 1024),
    attestationObject: base64url(32 * 1024),
    transports: z.array(transport).max(16).optional(),
  }),
});
export type NewPasskeyCredential = z.infer<typeof newPasskeyCredential>;

/** The same after a log-in. */
export const passkeyCredential = z.object({
  id: credentialId,
  type: z.literal("public-key"),
  response: z.object({
    clientDataJSON: base64url(8 * 1024),
    authenticatorData: base64url(8 * 1024),
    signature: base64url(8 * 1024),
    /** The account that the authenticator made it for. */
    userHandle: base64url(64),
  }),
});
export type PasskeyCredential = z.infer<typeof passkeyCredential>;
