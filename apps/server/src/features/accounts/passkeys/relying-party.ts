/** For whom browsers keep passkeys apart from those of other sites. */
export interface RelyingParty {
  /** The host under whose name they are made: browsers offer them nowhere else. */
  readonly id: string;
  /** Whether a page from there may use them. */
  readonly isOwnOrigin: (origin: string) => boolean;
}

/** @param publicUrl the origin under which people reach the server; without one, it serves its own machine */
export function relyingPartyOf(publicUrl: string | undefined, allowedOrigins: readonly string[]): RelyingParty {
  if (publicUrl === undefined)
    return {
      id: "localhost",
      isOwnOrigin: (origin) => URL.canParse(origin) && new URL(origin).hostname === "localhost",
    };
  const origins = new Set([publicUrl, ...allowedOrigins]);
  return { id: new URL(publicUrl).hostname, isOwnOrigin: (origin) => origins.has(origin) };
}
