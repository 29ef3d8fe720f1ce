import { z } from "zod";
import { timestamp } from "../text.ts";

/** Names a provider of identities in addresses and settings. */
export const providerId = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "must be the name of a provider");

/** A way to sign in by someone else's word: the account that the caller has with a provider. */
export const identity = z.object({
  provider: providerId,
  /** As the provider told it last. */
  email: z.string().optional(),
  createdAt: timestamp,
});
export type Identity = z.infer<typeof identity>;

export const provider = z.object({
  id: providerId,
  /** For people. */
  name: z.string(),
  /** `redirect`: a page goes to `/auth/oidc/{provider}/start`; `idToken`: a program brings a token it has got. */
  flow: z.enum(["redirect", "idToken"]),
});
export type Provider = z.infer<typeof provider>;
