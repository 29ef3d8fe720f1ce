import type { Logger as SignalRLogger } from "@hubbub/signalr";
import { type BunSocketData, bunRuntime } from "@hubbub/signalr/bun";
import type { Server, WebSocketHandler } from "bun";
import { Hono } from "hono";
import type { Logger } from "pino";
import type { Config } from "./config/config.ts";
import { type Accounts, type AccountsSettings, createAccounts } from "./features/accounts/index.ts";
import { conversationOperations, conversationsOf, reconcile } from "./features/conversations/index.ts";
import { messageOperations } from "./features/messages/index.ts";
import { peopleOperations } from "./features/people/index.ts";
import { receiptOperations } from "./features/receipts/index.ts";
import { inboxConsumer, syncOperations } from "./features/sync/index.ts";
import { Health, healthRoutes } from "./health.ts";
import { type DataDirectory, openDataDirectory } from "./infrastructure/filesystem/data-directory.ts";
import { lockDirectory } from "./infrastructure/filesystem/directory-lock.ts";
import { createSecretKey, loadSecretKey, type SecretKey } from "./infrastructure/filesystem/secret-key.ts";
import { DailyJobs } from "./infrastructure/postgres/daily-jobs.ts";
import { openDatabase, type Pools } from "./infrastructure/postgres/database.ts";
import { dataDirectoryUser, EmbeddedPostgres } from "./infrastructure/postgres/embedded-postgres.ts";
import { checkInstallation, type Installation } from "./infrastructure/postgres/installation.ts";
import { LaneWriters } from "./infrastructure/postgres/lane-writers.ts";
import { migrate, readMigrations } from "./infrastructure/postgres/migrate.ts";
import { PostgresOutbox } from "./infrastructure/postgres/outbox.ts";
import { barredDirectory } from "./infrastructure/postgres/unprivileged-user.ts";
import { waitForDatabase } from "./infrastructure/postgres/wait-for-database.ts";
import { ChatHub } from "./infrastructure/signalr/chat-hub.ts";
import { hubMethodsOf } from "./operations/hub-methods.ts";
import { isLoopback, siteOf } from "./operations/request-origin.ts";
import { internalError, methodNotAllowed, notFound, type RestEnvironment, restApi } from "./operations/rest.ts";
import { systemClock } from "./ports/clock.ts";
import type { Tables } from "./ports/database.ts";
import { serveWebClient } from "./web-client.ts";

type Close = () => Promise<void>;

/** Closes what was opened, newest first. */
async function closeAll(closers: Close[]): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close();
}

export interface Storage {
  readonly database: Pools<Tables>;
  readonly secretKey: SecretKey;
  /** The one before, during a rotation. */
  readonly previousKey: SecretKey | undefined;
  readonly installation: Installation;
  /** Closes the connections, then stops the embedded PostgreSQL, then lets go of the data directory. */
  close(): Promise<void>;
}

function prepareDataDirectory({ dataDirectory }: Config, logger: Logger): DataDirectory {
  const user = dataDirectoryUser(dataDirectory.path);
  const guest = user && { name: user.name, barredAt: (path: string) => barredDirectory(path, user) };
  const directory = openDataDirectory({ ...dataDirectory, ...(guest && { guest }) });
  if (directory.insteadOf !== undefined) {
    logger.info(`Data is kept in ${directory.path}: PostgreSQL's user cannot reach ${directory.insteadOf}`);
  }
  return directory;
}

/** @returns the address of the embedded PostgreSQL, started */
async function startEmbedded(config: Config, logger: Logger, closers: Close[]): Promise<[url: string, path: string]> {
  const { path } = prepareDataDirectory(config, logger);
  const lock = lockDirectory(path);
  closers.push(async () => lock.release());
  const embedded = await EmbeddedPostgres.start({ directory: path, logger });
  closers.push(() => embedded.stop());
  return [embedded.url, path];
}

/**
 * Opens the database, embedded or given, brings it to the newest schema, and checks that the secret key is its own.
 * @throws StartError, after closing what was opened
 */
export async function openStorage(config: Config, logger: Logger): Promise<Storage> {
  const closers: Close[] = [];
  try {
    const given = config.database.url;
    const [url, directory] =
      given === undefined ? await startEmbedded(config, logger, closers) : [given, config.dataDirectory.path];
    const secretKey = loadSecretKey(config.secretKey, directory);
    const previous = config.previousSecretKey;
    const previousKey = previous === undefined ? undefined : createSecretKey(previous);
    const database = openDatabase<Tables>(url, config.database.pools);
    closers.push(() => database.close());
    if (given !== undefined) await waitForDatabase(database.writer.sql, url);
    const applied = await migrate(database.writer.sql, await readMigrations());
    if (applied.length > 0) logger.info({ migrations: applied }, "The database was brought to the newest schema");
    const installation = await checkInstallation(database.writer.sql, secretKey.fingerprint, previousKey?.fingerprint);
    return { database, secretKey, previousKey, installation, close: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

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

/** Anyone may check tokens; a new key signs only after a restart, and the old one stays listed. */
const PUBLIC_KEYS_HEADERS = { "cache-control": "public, max-age=300", "access-control-allow-origin": "*" };

/** Lane groups written side by side: two connections already fill a disk. */
const WRITERS = 2;

async function composeOn(storage: Storage, config: Config, logger: Logger): Promise<Application> {
  const { database, secretKey, previousKey } = storage;
  const db = database.reads.kysely;
  const clock = systemClock;
  const onError = (error: unknown) => logger.error({ err: error }, "Something failed that nobody was waiting for");
  const secure = config.publicUrl?.startsWith("https:") ?? false;
  const originSettings = { ...config, secure, refreshTokenDays: config.tokens.refreshDays };

  const hub = new ChatHub();
  const writer = new LaneWriters({
    db: database.writer.kysely,
    writers: WRITERS,
    reconcile: async (conversations) => {
      await reconcile(database.writer.kysely, hub, conversations);
      await outbox.recover(conversations);
    },
    onError,
  });
  const outbox = new PostgresOutbox({
    db: database.slow.kysely,
    consumers: [inboxConsumer({ db: database.slow.kysely, broadcaster: hub })],
    onError,
    // whose data directory we have locked
    isAlone: config.database.url === undefined,
  });
  const accounts = await createAccounts({
    db,
    clock,
    broadcaster: hub,
    settings: accountsSettings(config),
    deriveKeys: (purpose) => [
      secretKey.deriveKey(purpose),
      ...(previousKey === undefined ? [] : [previousKey.deriveKey(purpose)]),
    ],
    onError,
  });
  const jobs = new DailyJobs({
    db: database.slow.kysely,
    jobs: [{ name: "clean-up-sessions", run: () => accounts.cleanUp(database.slow.kysely) }],
    onError,
  });
  const operations = [
    ...accounts.operations,
    ...peopleOperations({ db, broadcaster: hub, conversationsOf: (user) => conversationsOf(db, user) }),
    ...conversationOperations({ db, writer, broadcaster: hub, outbox }),
    ...messageOperations({ db, writer, broadcaster: hub, outbox }),
    ...receiptOperations({ db, writer, broadcaster: hub }),
    ...syncOperations({ db }),
  ];
  const signalr = hub.serve({
    methods: hubMethodsOf(operations, onError),
    authenticate: (token) => accounts.authenticateForHub(token, "chat"),
    isLiving: accounts.isLiving,
    conversationsOf: (user) => conversationsOf(db, user),
    allowsOrigin: (request) => siteOf(request, originSettings) !== "foreign",
    logger: signalrLogger(logger),
  });
  const runtime = bunRuntime(signalr);
  const health = new Health({ postgres: () => database.ping() });
  const api = restApi({
    operations,
    authenticate: accounts.authenticate,
    settings: originSettings,
    onError: (error, about) => logger.error({ err: error, ...about }, "A request failed"),
  });
  const app = routes(api, health, accounts, secure, onError);
  outbox.start();
  accounts.sessionWatch.start();
  jobs.start();
  const setupCode = await accounts.setupCode();
  if (setupCode !== undefined)
    logger.info(`There is no admin yet. Whoever registers with this setup code becomes one: ${setupCode}`);

  return {
    async fetch(request, server) {
      const handled = await runtime.fetch(request, server);
      if (handled.kind === "upgraded") return undefined;
      if (handled.kind === "response") return handled.response;
      return app.fetch(request, { peer: server.requestIP(request)?.address ?? "" });
    },
    websocket: runtime.websocket,
    async beginDrain() {
      health.drain();
      await signalr.shutdown();
    },
    async close() {
      await writer.drain();
      await outbox.stop();
      await accounts.sessionWatch.stop();
      await jobs.stop();
      await storage.close();
    },
  };
}

function routes(
  api: Hono<RestEnvironment>,
  health: Health,
  { publicKeys }: Pick<Accounts, "publicKeys">,
  secure: boolean,
  onError: (error: unknown) => void,
): Hono<RestEnvironment> {
  const app = new Hono<RestEnvironment>();
  app.onError((error) => {
    onError(error);
    return internalError();
  });
  app.route("/health", healthRoutes(health));
  app.route("/api/v1", api);
  app.get("/.well-known/jwks.json", (c) => c.json(publicKeys, 200, PUBLIC_KEYS_HEADERS));
  for (const path of ["/api/*", "/hubs/*"]) app.all(path, () => notFound());
  app.on(["GET", "HEAD"], "*", (c) => serveWebClient(c.req.path, { secure }));
  app.all("*", () => methodNotAllowed("GET, HEAD"));
  return app;
}

function accountsSettings({ host, registration, passwordMin, tokens }: Config): AccountsSettings {
  return {
    registration,
    passwordMin,
    accessTokenMinutes: tokens.accessMinutes,
    refreshTokenDays: tokens.refreshDays,
    issuer: tokens.issuer,
    audience: tokens.audience,
    hostIsLoopback: host === "localhost" || isLoopback(host),
  };
}

function signalrLogger(logger: Logger): SignalRLogger {
  return {
    debug: (message, details) => logger.debug(details ?? {}, message),
    warn: (message, details) => logger.warn(details ?? {}, message),
    error: (message, details) => logger.error(details ?? {}, message),
  };
}
