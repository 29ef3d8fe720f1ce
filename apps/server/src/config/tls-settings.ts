import { z } from "zod";

/** PEM files for HTTPS on the server's own port. */
export interface TlsSettings {
  /** Path of the certificate, with those of its chain behind it. */
  readonly certFile: string;
  /** Path of its private key. */
  readonly keyFile: string;
}

export const tlsSettingsShape = {
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
};

/** Without a certificate the port speaks HTTP. */
export function tlsSettingsOf(given: z.output<z.ZodObject<typeof tlsSettingsShape>>): TlsSettings | undefined {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = given;
  return certFile === undefined || keyFile === undefined ? undefined : { certFile, keyFile };
}

/** What is wrong with settings that are right each by itself. */
export function tlsComplaints(values: Readonly<Record<string, string | undefined>>): string[] {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, HUBBUB_PUBLIC_URL: publicUrl } = values;
  const complaints: string[] = [];
  if (certFile !== undefined && keyFile === undefined) complaints.push("TLS_KEY_FILE: expected with TLS_CERT_FILE");
  if (certFile === undefined && keyFile !== undefined) complaints.push("TLS_CERT_FILE: expected with TLS_KEY_FILE");
  if (certFile !== undefined && publicUrl?.startsWith("http:"))
    complaints.push("HUBBUB_PUBLIC_URL: expected an address of https with TLS_CERT_FILE");
  return complaints;
}
