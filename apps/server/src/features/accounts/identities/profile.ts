/** Who someone is by a provider's word. */
export interface Profile {
  readonly provider: string;
  /** The provider's own name for the person, which never becomes another's. */
  readonly subject: string;
  readonly email: string | undefined;
  /** Whether the provider knows that the address is theirs. */
  readonly emailVerified: boolean;
  readonly username: string | undefined;
  readonly name: string | undefined;
}

/** The profile in the claims of an ID token whose signature, issuer, audience and times have been checked. */
export function profileOf(
  provider: string,
  claims: Readonly<Record<string, unknown>> & { readonly sub: string },
): Profile {
  const text = (name: string): string | undefined => {
    const value = claims[name];
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
  };
  return {
    provider,
    subject: claims.sub,
    email: text("email"),
    emailVerified: claims["email_verified"] === true,
    username: text("preferred_username"),
    name: text("name"),
  };
}
