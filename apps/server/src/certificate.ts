import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { StartError } from "./config/start-error.ts";
import type { TlsSettings } from "./config/tls-settings.ts";

const day = 24 * 60 * 60 * 1000;
/** Days before its end from which on a certificate is spoken of: those of Let's Encrypt are renewed 30 days before. */
const noticeDays = 14;

/** What `Bun.serve` takes as `tls`, and what is to be said of it. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Undefined: all is well. */
  readonly warning: string | undefined;
}

/**
 * Reads a certificate and its key, which must belong to each other.
 * @param now milliseconds since 1970
 * @throws StartError, which shows nothing of the key
 */
export function readCertificate({ certFile, keyFile }: TlsSettings, now: number): Certificate {
  const cert = readSetting("TLS_CERT_FILE", certFile);
  const key = readSetting("TLS_KEY_FILE", keyFile);
  const certificate = parsed("TLS_CERT_FILE", certFile, "certificate", () => new X509Certificate(cert));
  const privateKey = parsed("TLS_KEY_FILE", keyFile, "private key without a passphrase", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey))
    throw new StartError(`TLS_KEY_FILE: ${keyFile} is not the key of the certificate in ${certFile}.`);
  return { cert, key, warning: warningOf(certificate, now) };
}

function readSetting(name: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new StartError(`${name}: ${path} cannot be read (${code}).`, { cause: error });
  }
}

function parsed<T>(name: string, path: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new StartError(`${name}: ${path} holds no ${what} in PEM.`, { cause: error });
  }
}

function warningOf({ validFrom, validTo }: X509Certificate, now: number): string | undefined {
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  if (now > to) return `The certificate has ended on ${validTo}: browsers refuse it.`;
  if (now < from) return `The certificate begins on ${validFrom}: browsers refuse it until then.`;
  const days = Math.floor((to - now) / day);
  return days < noticeDays ? `The certificate ends on ${validTo}: renew it, and start the server again.` : undefined;
}
