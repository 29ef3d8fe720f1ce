import { createHash, randomBytes } from "node:crypto";

const COUNT = 10;

/** 32 letters and digits that are not mistaken for each other (Crockford's base 32). */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** 16 characters of 5 random bits each, in groups of four. */
function newRecoveryCode(): string {
  const characters = Array.from(randomBytes(16), (byte) => ALPHABET.charAt(byte % 32)).join("");
  return characters.replace(/(.{4})(?=.)/g, "$1-");
}

export const newRecoveryCodes = (): string[] => Array.from({ length: COUNT }, newRecoveryCode);

/** As it is stored: with 80 random bits nobody finds the code to a hash. */
export function recoveryCodeHash(code: string): Buffer {
  const plain = code.toLowerCase().replace(/[\s-]/g, "").replaceAll("o", "0").replace(/[il]/g, "1");
  return createHash("sha256").update(plain).digest();
}
