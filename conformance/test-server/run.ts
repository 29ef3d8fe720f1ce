// bun conformance/test-server/run.ts [--on bun|node|node-http-on-bun] -- command …
// Runs a command while a test server runs, and tells it the addresses in SERVER_URL, "https://…;http://…", which is
// where the official JavaScript client's tests look for them. Needs openssl, for a certificate of the moment.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleForNode, startListening } from "./start.ts";

const { values, positionals } = parseArgs({
  options: { on: { type: "string", default: "bun" } },
  allowPositionals: true,
});
const folder = await mkdtemp(join(tmpdir(), "test-server-"));
const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
await Bun.$`openssl req -x509 ${curve} -keyout ${key} -out ${cert} -days 1 ${names}`.quiet();

// The bundle finds the official client, which it serves to pages, from within the repository.
const dist = join(import.meta.dir, "dist");
const programs: Readonly<Record<string, () => Promise<string[]>>> = {
  bun: async () => [process.execPath, join(import.meta.dir, "bun.ts")],
  node: async () => ["node", await bundleForNode(join(import.meta.dir, "node.ts"), dist)],
  "node-http-on-bun": async () => [process.execPath, join(import.meta.dir, "node.ts")],
};
const program = await programs[values.on]?.();
if (program === undefined) throw new Error(`--on ${values.on}: expected one of ${Object.keys(programs).join(", ")}.`);
const server = await startListening([...program, "--https-port", "0", "--cert", cert, "--key", key], 2);
try {
  const [https, http] = ["https:", "http:"].map((scheme) =>
    server.addresses.find((address) => address.startsWith(scheme)),
  );
  const env = { ...process.env, SERVER_URL: `${https};${http}` };
  process.exitCode = await Bun.spawn(positionals, { env, stdio: ["inherit", "inherit", "inherit"] }).exited;
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}
