import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

/** The address that test servers listen on. */
export const loopback = "127.0.0.1";

/** Where a test server is to listen. */
export interface Listening {
  readonly port: number;
  readonly https: { readonly port: number; readonly cert: string; readonly key: string } | undefined;
}

/**
 * Reads `--port N`, and for a second, encrypted listener `--https-port N --cert file --key file` (PEM). Port 0 takes any
 * free one.
 * @throws TypeError on an unknown option
 */
export function parseListening(args: readonly string[]): Listening {
  const option = { type: "string" } as const;
  const options = { port: option, "https-port": option, cert: option, key: option };
  const { values } = parseArgs({ args: [...args], options });
  const { port = "0", "https-port": httpsPort, cert, key } = values;
  if (httpsPort === undefined) return { port: Number(port), https: undefined };
  if (cert === undefined || key === undefined) throw new TypeError("--https-port needs --cert and --key.");
  const read = (path: string) => readFileSync(path, "utf8");
  return { port: Number(port), https: { port: Number(httpsPort), cert: read(cert), key: read(key) } };
}

/** Says where the server listens, in the reference server's words: runners wait for this line. */
export function announce(scheme: "http" | "https", port: number): void {
  process.stdout.write(`Now listening on: ${scheme}://${loopback}:${port}\n`);
}
