import { afterAll, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCertificate } from "./certificate.ts";
import { StartError } from "./config/start-error.ts";
import { temporaryDirectory } from "./testing/server-process.ts";
import { makeCertificate } from "./testing/test-certificate.ts";

const directory = temporaryDirectory();
afterAll(() => directory.remove());
const [mine, other] = await Promise.all([
  makeCertificate(directory.path, "mine", new Date("2027-01-31T12:00:00Z")),
  makeCertificate(directory.path, "other"),
]);
const at = (date: string) => readCertificate(mine, Date.parse(date)).warning;

test("a certificate that has ended, has not begun or ends soon is spoken of", () => {
  expect(at("2026-12-01")).toBeUndefined();
  expect(at("2027-01-17")).toBeUndefined();
  expect(at("2027-01-18")).toMatch(/^The certificate ends on Jan 31 .* renew it, and start the server again\.$/);
  expect(at("2027-02-01")).toMatch(/^The certificate has ended on Jan 31 /);
  expect(at("2019-12-31")).toMatch(/^The certificate begins on Jan {1,2}1 .* 2020/);
});

test("files that are missing, are none, or do not belong to each other stop the start, and nothing of the key is shown", () => {
  const refusal = (files: { readonly certFile: string; readonly keyFile: string }) => {
    try {
      readCertificate(files, Date.now());
    } catch (error) {
      if (error instanceof StartError) return error.message;
      throw error;
    }
    return "";
  };
  const missing = join(directory.path, "missing");
  const broken = join(directory.path, "broken");
  const key = readFileSync(mine.keyFile, "utf8").split("\n").slice(1);
  writeFileSync(broken, key.join("\n"));
  const { certFile, keyFile } = mine;
  expect(refusal({ certFile: missing, keyFile })).toBe(`TLS_CERT_FILE: ${missing} cannot be read (ENOENT).`);
  expect(refusal({ certFile, keyFile: missing })).toBe(`TLS_KEY_FILE: ${missing} cannot be read (ENOENT).`);
  expect(refusal({ certFile: keyFile, keyFile })).toBe(`TLS_CERT_FILE: ${keyFile} holds no certificate in PEM.`);
  const notThis = `TLS_KEY_FILE: ${broken} holds no private key without a passphrase in PEM.`;
  expect(refusal({ certFile, keyFile: broken })).toBe(notThis);
  expect(refusal({ certFile, keyFile: other.keyFile })).toBe(
    `TLS_KEY_FILE: ${other.keyFile} is not the key of the certificate in ${certFile}.`,
  );
});
