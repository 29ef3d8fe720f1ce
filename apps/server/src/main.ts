import { limits } from "@hubbub/contract";
import type { BunSocketData } from "@hubbub/signalr/bun";
import { type Certificate, readCertificate } from "./certificate.ts";
import { type Application, compose } from "./compose.ts";
import { type Config, loadConfig, ownAddress } from "./config/config.ts";
import { StartError } from "./config/start-error.ts";
import { createLogger } from "./logger.ts";

/** Milliseconds that running requests have to end before they are cut. */
const drainPatience = 10_000;

/** Beyond it the runtime cuts a request by itself, without a word; each route judges far earlier. */
const MOST_REQUEST_BYTES = limits.mediaSize;

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken: stop the other program, or set PORT to another",
  EACCES: "is not open to this user: set PORT to another",
  EADDRNOTAVAIL: "is at an address this machine does not have: set HOST to another",
};

/** @throws StartError when the address cannot be had */
function listen(
  { host, port }: Config,
  application: Application,
  certificate: Certificate | undefined,
): Bun.Server<BunSocketData> {
  try {
    return Bun.serve({
      hostname: host,
      port,
      ...(certificate && { tls: { cert: certificate.cert, key: certificate.key } }),
      development: false,
      reusePort: false, // outside of development the runtime would share the port with another server of ours
      fetch: application.fetch,
      websocket: application.websocket,
      maxRequestBodySize: MOST_REQUEST_BYTES,
      error: () => new Response(null, { status: 500 }),
    });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new StartError(`Port ${port} on ${host} ${reasons[code] ?? `cannot be opened (${code})`}.`, { cause: error });
  }
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => resolve(name));
  });
}

async function start(): Promise<void> {
  const config = loadConfig(process.env);
  const logger = createLogger(config.logLevel);
  const certificate = config.tls && readCertificate(config.tls, Date.now());
  if (certificate?.warning !== undefined) logger.warn(certificate.warning);
  const application = await compose(config, logger);
  try {
    const server = listen(config, application, certificate);
    const asked = nextSignal();
    process.stdout.write(`Hubbub is ready at ${ownAddress(config, server.port ?? config.port)}\n`);
    logger.info({ signal: await asked }, "Shutting down");
    // sockets first: the listener does not end while any of them is open
    await Promise.race([application.beginDrain().then(() => server.stop()), Bun.sleep(drainPatience)]);
    await server.stop(true);
  } finally {
    await application.close();
  }
}

try {
  await start();
  process.exit(0);
} catch (error) {
  const told = error instanceof StartError ? error.message : Bun.inspect(error);
  process.stderr.write(`Hubbub cannot start. ${told}\n`);
  process.exit(1);
}
