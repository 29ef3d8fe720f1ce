import { Buffer } from "node:buffer";
import { hkdfSync, randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "../../config/start-error.ts";

/** What every other secret is derived from. */
export interface SecretKey {
  /**
   * A key for one purpose, by HKDF-SHA-256 (RFC 5869).
   * @param purpose a fixed name, such as "refresh tokens"
   * @param length in bytes
   */
  deriveKey(purpose: string, length?: number): Uint8Array;
  /** Tells keys apart without telling the key. */
  readonly fingerprint: string;
}

const fewestBytes = 32;

/** @param secret at least 32 bytes */
export function createSecretKey(secret: string): SecretKey {
  const deriveKey = (purpose: string, length = 32) =>
    new Uint8Array(hkdfSync("sha256", secret, "", `hubbub ${purpose}`, length));
  return { deriveKey, fingerprint: Buffer.from(deriveKey("fingerprint", 16)).toString("base64url") };
}

function read(file: string): string | undefined {
  try {
    const secret = readFileSync(file, "utf8").trim();
    chmodSync(file, 0o600);
    return secret;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new StartError(`The secret key ${file} cannot be read.`, { cause: error });
  }
}

/** Puts a new key in place whole or not at all; if another server was faster, its key stays. */
function make(directory: string, file: string): void {
  const half = join(directory, `secret.key.${process.pid}`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(half, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "w", flush: true });
    linkSync(half, file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The secret key ${file} cannot be made: ${reason}`, { cause: error });
  } finally {
    rmSync(half, { force: true });
  }
}

/**
 * The secret key given, or else the one in the data directory, which is made at the first start.
 * @throws StartError when it can be neither read nor made, or is too short
 */
export function loadSecretKey(given: string | undefined, directory: string): SecretKey {
  if (given !== undefined) return createSecretKey(given);
  const file = join(directory, "secret.key");
  if (read(file) === undefined) make(directory, file);
  const secret = read(file) ?? "";
  if (Buffer.byteLength(secret) < fewestBytes) {
    throw new StartError(`The secret key ${file} is shorter than ${fewestBytes} bytes: put the right one there.`);
  }
  return createSecretKey(secret);
}
