import { createHmac, randomBytes } from "node:crypto";

/** 64 random bytes, base64url; only its HMAC is stored. */
export type RefreshToken = string;

/** Makes and hashes refresh tokens. Each token's successor is derived from it, so that it need not be stored. */
export class RefreshTokens {
  readonly #hashKey: Uint8Array;
  readonly #successorKey: Uint8Array;

  /** @param hashKey, successorKey 32 bytes each */
  constructor(hashKey: Uint8Array, successorKey: Uint8Array) {
    this.#hashKey = hashKey;
    this.#successorKey = successorKey;
  }

  create(): RefreshToken {
    return randomBytes(64).toString("base64url");
  }

  hash(token: RefreshToken): Buffer {
    return createHmac("sha256", this.#hashKey).update(token).digest();
  }

  successor(token: RefreshToken): RefreshToken {
    return createHmac("sha512", this.#successorKey).update(token).digest("base64url");
  }
}
