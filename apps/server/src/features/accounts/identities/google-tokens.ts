import { type JWTVerifyGetKey, jwtVerify } from "jose";
import { JOSEError } from "jose/errors";
import { Unavailable } from "../../../ports/conversation-writer.ts";
import { type Profile, profileOf } from "./profile.ts";

/** https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken */
const ISSUERS = ["https://accounts.google.com", "accounts.google.com"];

export const GOOGLE_KEYS = "https://www.googleapis.com/oauth2/v3/certs";

export interface GoogleSettings {
  /** Whom tokens must be made for. */
  readonly clientId: string;
  /** Google's keys, by their id. */
  readonly keys: JWTVerifyGetKey;
}

/** Checks ID tokens that apps get from Google. */
export class GoogleTokens {
  readonly #settings: GoogleSettings;

  constructor(settings: GoogleSettings) {
    this.#settings = settings;
  }

  /**
   * Whom Google vouches for; undefined for a token that is not good, of another audience, or of an unverified address.
   * @throws Unavailable when Google's keys cannot be had
   */
  async verify(idToken: string): Promise<Profile | undefined> {
    try {
      const { payload } = await jwtVerify(idToken, this.#settings.keys, {
        algorithms: ["RS256"],
        issuer: ISSUERS,
        audience: this.#settings.clientId,
        requiredClaims: ["sub", "iat", "exp"],
      });
      const { sub } = payload;
      if (sub === undefined || sub === "" || sub.length > 255) return undefined;
      const profile = profileOf("google", { ...payload, sub });
      return profile.email !== undefined && profile.emailVerified ? profile : undefined;
    } catch (error) {
      if (error instanceof JOSEError && !isAboutFetching(error)) return undefined;
      throw new Unavailable("Google cannot be reached right now.", { cause: error });
    }
  }
}

/** jose's names for a key set that did not come, or was none. */
function isAboutFetching({ code }: JOSEError): boolean {
  return code === "ERR_JWKS_TIMEOUT" || code === "ERR_JWKS_INVALID" || code === "ERR_JOSE_GENERIC";
}
