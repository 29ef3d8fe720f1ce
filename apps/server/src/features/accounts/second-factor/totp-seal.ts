import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { UserId } from "@hubbub/contract";
import type { Keys } from "../refresh-tokens.ts";

/** AES-256-GCM: a nonce of 12 bytes, a tag of 16. */
const ALGORITHM = "aes-256-gcm";
const NONCE = 12;
const TAG = 16;

/** Encrypts the secrets of apps, each for its account: one that is moved to another account's row does not open. */
export class TotpSeal {
  readonly #keys: Keys;

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  /** Whether secrets may still be sealed by a key that is going. */
  get hasPreviousKey(): boolean {
    return this.#keys.length > 1;
  }

  seal(userId: UserId, secret: string): Buffer {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(ALGORITHM, this.#keys[0], nonce).setAAD(Buffer.from(userId));
    return Buffer.concat([nonce, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws for one that no key of ours has sealed for this account */
  open(userId: UserId, sealed: Uint8Array): { readonly secret: string; readonly isCurrent: boolean } {
    for (const key of this.#keys) {
      const secret = openWith(key, userId, sealed);
      if (secret !== undefined) return { secret, isCurrent: key === this.#keys[0] };
    }
    throw new Error("A TOTP secret cannot be opened: its key is neither HUBBUB_SECRET_KEY nor the previous one");
  }
}

function openWith(key: Uint8Array, userId: UserId, sealed: Uint8Array): string | undefined {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE), { authTagLength: TAG })
    .setAAD(Buffer.from(userId))
    .setAuthTag(sealed.subarray(-TAG));
  try {
    return decipher.update(sealed.subarray(NONCE, -TAG), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return undefined; // another key's
  }
}
