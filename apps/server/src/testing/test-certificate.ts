import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "selfsigned";

export interface TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** PEM. */
  readonly cert: string;
}

/** A certificate for this machine, made and signed on the spot. @param until when it ends; default tomorrow */
export async function makeCertificate(directory: string, name: string, until?: Date): Promise<TestCertificate> {
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    notBeforeDate: new Date("2020-01-01"),
    notAfterDate: until ?? new Date(Date.now() + 24 * 60 * 60 * 1000),
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const certFile = join(directory, `${name}.crt`);
  const keyFile = join(directory, `${name}.key`);
  await Promise.all([writeFile(certFile, cert), writeFile(keyFile, key)]);
  return { certFile, keyFile, cert };
}
