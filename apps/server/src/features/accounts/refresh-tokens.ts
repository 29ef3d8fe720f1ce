import { createHmac, randomBytes } from "node:crypto";

/** 64 random bytes, base64url; only its HMAC is stored. */
export type RefreshToken = string;

/** 32 bytes each: the current one, then those of keys that were current before. */
export type Keys = readonly [Uint8Array, ...Uint8Array[]];

const hmac = (algorithm: "sha256" | "sha512", key: Uint8Array, token: RefreshToken): Buffer =>
  createHmac(algorithm, key).update(token).digest();

/** Makes and hashes refresh tokens. Each token's successor is derived from it, so that it need not be stored. */
export class RefreshTokens {
  readonly #hashKeys: Keys;
  readonly #successorKeys: Keys;

  constructor(hashKeys: Keys, successorKeys: Keys) {
    this.#hashKeys = hashKeys;
    this.#successorKeys = successorKeys;
  }

  create(): RefreshToken {
    return randomBytes(64).toString("base64url");
  }

  hash(token: RefreshToken): Buffer {
    return hmac("sha256", this.#hashKeys[0], token);
  }

  successor(token: RefreshToken): RefreshToken {
    return hmac("sha512", this.#successorKeys[0], token).toString("base64url");
  }

  /** The hashes under which a token may be stored. */
  hashes(token: RefreshToken): Buffer[] {
    return this.#hashKeys.map((key) => hmac("sha256", key, token));
  }

  /** The successors that a token may have been given. */
  successors(token: RefreshToken): RefreshToken[] {
    return this.#successorKeys.map((key) => hmac("sha512", key, token).toString("base64url"));
  }
}
