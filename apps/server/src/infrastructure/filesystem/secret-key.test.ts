import { expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecretKey, loadSecretKey } from "./secret-key.ts";

test("every other secret is derived by HKDF-SHA-256 (RFC 5869), one for each purpose, and none tells another", () => {
  const secret = "s".repeat(32);
  const key = createSecretKey(secret);
  const extracted = createHmac("sha256", Buffer.alloc(32)).update(secret).digest();
  const expanded = createHmac("sha256", extracted).update("hubbub access token\x01").digest();
  expect(Buffer.from(key.deriveKey("access token"))).toEqual(expanded);
  const purposes = ["access token", "refresh token", "refresh token successor", "setup code"];
  const derived = purposes.map((purpose) => Buffer.from(key.deriveKey(purpose)).toString("hex"));
  expect(new Set([...derived, key.fingerprint, secret]).size).toBe(6);
  expect(createSecretKey("t".repeat(32)).fingerprint).not.toBe(key.fingerprint);
});

test("a key that is not given is made once, at random, for the owner's eyes alone", () => {
  const directories = [1, 2].map(() => mkdtempSync(join(tmpdir(), "hubbub-key-")));
  try {
    const [first = "", second = ""] = directories;
    const made = loadSecretKey(undefined, first).fingerprint;
    expect(statSync(join(first, "secret.key")).mode & 0o777).toBe(0o600);
    expect(loadSecretKey(undefined, first).fingerprint).toBe(made);
    expect(loadSecretKey(undefined, second).fingerprint).not.toBe(made);
    const given = "g".repeat(32);
    rmSync(join(first, "secret.key"));
    expect(loadSecretKey(given, first).fingerprint).toBe(createSecretKey(given).fingerprint);
    expect(existsSync(join(first, "secret.key"))).toBe(false);
  } finally {
    for (const directory of directories) rmSync(directory, { recursive: true });
  }
});
