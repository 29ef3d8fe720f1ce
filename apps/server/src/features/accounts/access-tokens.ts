import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { sessionId, userId } from "@hubbub/contract";
import { type JWK, jwtVerify, SignJWT } from "jose";
import type { Actor } from "../../ports/actor.ts";
import type { Clock } from "../../ports/clock.ts";

/** What stands before the 32 bytes of an Ed25519 seed in a PKCS #8 key (RFC 8410). */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

/** RFC 9068. */
const TYPE = "at+jwt";

export interface AccessTokenSettings {
  /** 32 bytes each: the key that signs, then those whose tokens are still taken. */
  readonly seeds: readonly [Uint8Array, ...Uint8Array[]];
  readonly issuer: string;
  readonly audience: string;
  readonly lifetimeSeconds: number;
}

interface SigningKey {
  readonly id: string;
  readonly private: KeyObject;
  readonly public: KeyObject;
}

function signingKey(seed: Uint8Array): SigningKey {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key);
  const spki = publicKey.export({ format: "der", type: "spki" });
  return { id: createHash("sha256").update(spki).digest("base64url").slice(0, 16), private: key, public: publicKey };
}

/** Short-lived EdDSA tokens that any node can check without asking anyone. */
export class AccessTokens {
  readonly #settings: AccessTokenSettings;
  readonly #clock: Clock;
  readonly #signing: SigningKey;
  readonly #keys: ReadonlyMap<string, SigningKey>;

  constructor(settings: AccessTokenSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    const [current, ...previous] = settings.seeds;
    this.#signing = signingKey(current);
    this.#keys = new Map([this.#signing, ...previous.map(signingKey)].map((key) => [key.id, key]));
  }

  get lifetimeSeconds(): number {
    return this.#settings.lifetimeSeconds;
  }

  /** The public keys by which others may check tokens (RFC 7517). */
  get publicKeys(): { readonly keys: readonly JWK[] } {
    const keys = [...this.#keys.values()].map((key) => ({
      ...key.public.export({ format: "jwk" }),
      kid: key.id,
      alg: "EdDSA",
      use: "sig",
    }));
    return { keys };
  }

  issue(actor: Actor): Promise<string> {
    const now = Math.floor(this.#clock.now() / 1000);
    return new SignJWT({ sid: actor.sessionId })
      .setProtectedHeader({ alg: "EdDSA", typ: TYPE, kid: this.#signing.id })
      .setSubject(actor.userId)
      .setJti(crypto.randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + this.#settings.lifetimeSeconds)
      .setIssuer(this.#settings.issuer)
      .setAudience(this.#settings.audience)
      .sign(this.#signing.private);
  }

  /** The bearer, or undefined for a token that is foreign, altered, expired or of another kind. */
  async verify(token: string): Promise<Actor | undefined> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.#keyOf(kid), {
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

  #keyOf(id: string | undefined): KeyObject {
    const key = this.#keys.get(id ?? this.#signing.id);
    if (key === undefined) throw new Error("No key of ours");
    return key.public;
  }
}
