import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { type DataDirectory, openDataDirectory } from "../infrastructure/filesystem/data-directory.ts";
import { lockDirectory } from "../infrastructure/filesystem/directory-lock.ts";
import { createSecretKey, loadSecretKey, type SecretKey } from "../infrastructure/filesystem/secret-key.ts";
import { openDatabase, type Pools } from "../infrastructure/postgres/database.ts";
import { dataDirectoryUser, EmbeddedPostgres } from "../infrastructure/postgres/embedded-postgres.ts";
import { checkInstallation, type Installation } from "../infrastructure/postgres/installation.ts";
import { migrate, readMigrations } from "../infrastructure/postgres/migrate.ts";
import { barredDirectory } from "../infrastructure/postgres/unprivileged-user.ts";
import { waitForDatabase } from "../infrastructure/postgres/wait-for-database.ts";
import type { Tables } from "../ports/database.ts";

type Close = () => Promise<void>;

/** Closes what was opened, newest first. */
async function closeAll(closers: Close[]): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close();
}

export interface Storage {
  /** Of the database. */
  readonly url: string;
  readonly database: Pools<Tables>;
  readonly secretKey: SecretKey;
  /** The one before, during a rotation. */
  readonly previousKey: SecretKey | undefined;
  readonly installation: Installation;
  readonly directory: string;
  /** Closes the connections, then stops the embedded PostgreSQL, then lets go of the data directory. */
  close(): Promise<void>;
}

/** 32 bytes of the secret key for a purpose, then the same of the key before it. */
export type DerivedKeys = readonly [Uint8Array, ...Uint8Array[]];

export function derivedKeysOf({ secretKey, previousKey }: Storage, purpose: string): DerivedKeys {
  return [secretKey.deriveKey(purpose), ...(previousKey === undefined ? [] : [previousKey.deriveKey(purpose)])];
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
    return { url, database, secretKey, previousKey, installation, directory, close: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}
