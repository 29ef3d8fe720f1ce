import { type BunSocketData, bunRuntime } from "@hubbub/signalr/bun";
import type { Server, WebSocketHandler } from "bun";
import type { Logger } from "pino";
import { createAccountsOn } from "./composition/accounts.ts";
import { openBlobs } from "./composition/blobs.ts";
import { createHealth } from "./composition/health.ts";
import { createRoutes } from "./composition/http.ts";
import { createParts } from "./composition/parts.ts";
import { serveHubs } from "./composition/real-time.ts";
import { type Background, createSlices } from "./composition/slices.ts";
import { openStorage, type Storage } from "./composition/storage.ts";
import { watchUsage } from "./composition/usage.ts";
import { type Config, isSecure } from "./config/config.ts";
import { MemoryCallCounter } from "./infrastructure/rate-limits/memory-call-counter.ts";
import { limited, limitedHubOnly } from "./operations/limited.ts";
import { observed } from "./operations/observed.ts";

/** What `Bun.serve` is given, and what the process needs to end it well. */
export interface Application {
  readonly fetch: (request: Request, server: Server<BunSocketData>) => Promise<Response | undefined>;
  readonly websocket: WebSocketHandler<BunSocketData>;
  /** From now on the server is not ready, so that balancers turn away from it, and clients are asked to come back. */
  readonly beginDrain: () => Promise<void>;
  /** Ends what is under way, then closes the storage. */
  readonly close: () => Promise<void>;
}

/** Builds the whole server but for its listening socket. @throws StartError */
export async function compose(config: Config, logger: Logger): Promise<Application> {
  const storage = await openStorage(config, logger);
  try {
    return await composeOn(storage, config, logger);
  } catch (error) {
    await storage.close();
    throw error;
  }
}

async function composeOn(storage: Storage, config: Config, logger: Logger): Promise<Application> {
  const blobs = await openBlobs(config, storage);
  blobs.store.check().catch((error: unknown) => {
    logger.error({ reason: reasonOf(error) }, "The store of media cannot be used");
  });
  const parts = createParts(storage, blobs, config, logger);
  const accounts = await createAccountsOn(parts);
  const slices = createSlices(parts, accounts);
  const counter = config.limits && new MemoryCallCounter(config.limits.rates);
  const operations = slices
    .flatMap((slice) => slice.operations ?? [])
    .map((each) => observed(counter === undefined ? each : limited(each, counter), parts.metrics));
  const hubOnly = slices
    .flatMap((slice) => slice.hubOnly ?? [])
    .map((each) => (counter === undefined ? each : limitedHubOnly(each, counter)));
  for (const slice of slices) {
    parts.outbox.register(slice.consumers ?? []);
    parts.jobs.register(slice.jobs ?? []);
  }
  const background: readonly Background[] = [
    parts.outbox,
    ...slices.flatMap((slice) => slice.background ?? []),
    parts.jobs,
  ];
  const settings = { ...config, secure: isSecure(config), refreshTokenDays: config.tokens.refreshDays };
  const observers = slices.flatMap((slice) => slice.observers ?? []);
  const signalr = serveHubs(parts, accounts, { operations, hubOnly, observers }, settings);
  const runtime = bunRuntime(signalr);
  watchUsage(parts, storage, signalr);
  const { health, redis } = createHealth(parts, storage);
  const app = createRoutes(parts, health, accounts, operations, settings);
  for (const each of background) each.start();
  const setupCode = await accounts.setupCode();
  if (setupCode !== undefined)
    logger.info(`There is no admin yet. Whoever registers with this setup code becomes one: ${setupCode}`);

  return {
    async fetch(request, server) {
      const handled = await runtime.fetch(request, server);
      if (handled.kind === "upgraded") return undefined;
      if (handled.kind === "response") return handled.response;
      return app.fetch(request, {
        peer: server.requestIP(request)?.address ?? "",
        allowSilence: (seconds: number) => server.timeout(request, seconds),
      });
    },
    websocket: runtime.websocket,
    async beginDrain() {
      health.drain();
      await signalr.shutdown();
    },
    async close() {
      await parts.writer.drain();
      for (const each of background) await each.stop();
      redis?.close();
      await storage.close();
    },
  };
}

/** The message alone: what libraries attach to an error may hold more than a log should. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown";
}
