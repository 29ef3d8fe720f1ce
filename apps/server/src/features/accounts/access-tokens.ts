import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { sessionId, userId } from "@hubbub/contract";
import { jwtVerify, SignJWT } from "jose";
import type { Actor } from "../../ports/actor.ts";
import type { Clock } from "../../ports/clock.ts";

/** What stands before the 32 bytes of an Ed25519 seed in a PKCS #8 key (RFC 8410). */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

/** RFC 9068. */
const TYPE = "at+jwt";

export interface AccessTokenSettings {
  /** 32 bytes. */
  readonly seed: Uint8Array;
  readonly issuer: string;
  readonly audience: string;
  readonly lifetimeSeconds: number;
}

/** Short-lived EdDSA tokens that any node can check without asking anyone. */
export class AccessTokens {
  readonly #settings: AccessTokenSettings;
  readonly #clock: Clock;
  readonly #private: KeyObject;
  readonly #public: KeyObject;
  readonly #keyId: string;

  constructor(settings: AccessTokenSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    const der = Buffer.concat([PKCS8_ED25519, settings.seed]);
    this.#private = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    this.#public = createPublicKey(this.#private);
    const spki = this.#public.export({ format: "der", type: "spki" });
    this.#keyId = createHash("sha256").update(spki).digest("base64url").slice(0, 16);
  }

  get lifetimeSeconds(): number {
    return this.#settings.lifetimeSeconds;
  }

  issue(actor: Actor): Promise<string> {
    const now = Math.floor(this.#clock.now() / 1000);
    return new SignJWT({ sid: actor.sessionId })
      .setProtectedHeader({ alg: "EdDSA", typ: TYPE, kid: this.#keyId })
      .setSubject(actor.userId)
      .setJti(crypto.randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + this.#settings.lifetimeSeconds)
      .setIssuer(this.#settings.issuer)
      .setAudience(this.#settings.audience)
      .sign(this.#private);
  }

  /** The bearer, or undefined for a token that is foreign, altered, expired or of another kind. */
  async verify(token: string): Promise<Actor | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#public, {
        algorithms: ["EdDSA"],
        typ: TYPE,
        issuer: this.#settings.issuer,
        audience: this.#settings.audience,
        currentDate: new Date(this.#clock.now()),
        requiredClaims: ["sub", "sid", "jti", "iat", "exp"],
      });
      const user = userId.safeParse(payload.sub);
      const session = sessionId.safeParse(payload["sid"]);
      return user.success && session.success ? { userId: user.data, sessionId: session.data } : undefined;
    } catch {
      return undefined; // jose throws for every token that is not good; which way does not matter to anyone
    }
  }
}
