import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Subprocess } from "bun";
import type { Logger } from "pino";
import { StartError } from "../../config/start-error.ts";
import { findBinaries, type PostgresBinaries } from "./binaries.ts";
import { embeddedDatabase, embeddedRole, ensureCluster } from "./cluster.ts";
import { endEarlierPostgres, isReady, postmasterPid, socketDirectory } from "./postmaster.ts";
import { lastComplaint, spawnPostgres } from "./spawn-postgres.ts";
import { type UnprivilegedUser, unprivilegedUser } from "./unprivileged-user.ts";

const socketName = ".s.PGSQL.5432";
/** Longest path of a Unix socket, in bytes: 107 on Linux, 103 on macOS. */
const mostSocketPath = 103;
const shortPrefix = "/tmp/hubbub-socket-";

/** Given on the command line, so that clusters made by older versions have them too. */
const settings = {
  listen_addresses: "", // no TCP port
  unix_socket_permissions: "0700",
  max_connections: "40",
  shared_buffers: "128MB",
  random_page_cost: "1.1", // solid state
  jit: "off", // costs more than it gives for short queries
  max_parallel_workers_per_gather: "0", // containers have 64 MB of /dev/shm; and the cores are the chat's
  idle_in_transaction_session_timeout: "60s",
  timezone: "UTC",
  log_timezone: "UTC",
  // What clients did wrong comes back to us with the error; here it would only put people's data into a log.
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  log_checkpoints: "off",
} as const;

/** An acknowledged message is on the disk. */
const durableSettings = { fsync: "on", synchronous_commit: "on", full_page_writes: "on" } as const;
/** For tests, many of which share one PostgreSQL. */
const volatileSettings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: "200",
} as const;

/** Milliseconds for which a start is repeated while an earlier PostgreSQL's processes leave. */
const leavePatience = 10_000;
/** Milliseconds after which PostgreSQL is stopped more firmly; what was committed survives either way. */
const stopPatience = { immediate: 15_000, kill: 5_000 } as const;
/** Milliseconds between attempts to restart it. */
const restartPause = { first: 250, most: 5_000 } as const;

export interface EmbeddedPostgresOptions {
  /** Data directory, absolute and without symbolic links. The caller holds its lock. */
  readonly directory: string;
  readonly logger: Logger;
  /** False only for data that may be lost, in tests. */
  readonly durable?: boolean;
}

/** The directory of the cluster in a data directory. */
export function clusterDirectory(dataDirectory: string): string {
  return join(dataDirectory, "postgres");
}

/** The address of an embedded PostgreSQL by the directory of its socket. */
export function embeddedUrl(socketDirectory: string): string {
  const path = encodeURIComponent(join(socketDirectory, socketName));
  return `postgres://${embeddedRole}@localhost/${embeddedDatabase}?path=${path}`;
}

/** A PostgreSQL of our own, in a child process that is started again when it dies. */
export class EmbeddedPostgres {
  readonly cluster: string;
  /** For `openDatabase`. */
  readonly url: string;
  readonly #socket: string;
  readonly #log: string;
  readonly #binaries: PostgresBinaries;
  readonly #user: UnprivilegedUser | undefined;
  readonly #durable: boolean;
  readonly #logger: Logger;
  #child: Subprocess | undefined;
  #watching: Promise<void> = Promise.resolve();
  #stopping = false;

  private constructor({ directory, logger, durable = true }: EmbeddedPostgresOptions) {
    this.cluster = clusterDirectory(directory);
    this.#log = join(directory, "postgres.log");
    this.#durable = durable;
    this.#logger = logger;
    this.#user = unprivilegedUser(this.cluster);
    this.#binaries = findBinaries(this.#user);
    this.#socket = this.#chooseSocketDirectory();
    this.url = embeddedUrl(this.#socket);
  }

  /**
   * Makes the cluster if there is none, ends what an earlier server left running, and starts PostgreSQL.
   * @throws StartError
   */
  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const postgres = new EmbeddedPostgres(options);
    await postgres.#prepare();
    await postgres.#launch();
    return postgres;
  }

  /** Process id of PostgreSQL's postmaster; undefined while there is none. */
  get pid(): number | undefined {
    return postmasterPid(this.cluster);
  }

  /** Stops PostgreSQL cleanly; whoever is connected is cut off. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child !== undefined && child.exitCode === null) {
      child.kill("SIGINT");
      const immediate = setTimeout(() => child.kill("SIGQUIT"), stopPatience.immediate);
      const kill = setTimeout(() => child.kill("SIGKILL"), stopPatience.immediate + stopPatience.kill);
      await child.exited;
      clearTimeout(immediate);
      clearTimeout(kill);
    }
    await this.#watching;
    if (this.#socket !== this.cluster) rmSync(this.#socket, { recursive: true, force: true });
  }

  async #prepare(): Promise<void> {
    const { cluster } = this;
    const before = socketDirectory(cluster);
    if (await endEarlierPostgres(cluster)) this.#logger.info("An earlier PostgreSQL was still running and was stopped");
    if (before?.startsWith(shortPrefix)) rmSync(before, { recursive: true, force: true });
    await ensureCluster({
      cluster,
      binaries: this.#binaries,
      user: this.#user,
      log: this.#log,
      durable: this.#durable,
    });
  }

  /** The cluster's own directory, closed to others; if its path is too long for a socket, a short one as private. */
  #chooseSocketDirectory(): string {
    if (new TextEncoder().encode(join(this.cluster, socketName)).length <= mostSocketPath) return this.cluster;
    const directory = mkdtempSync(shortPrefix);
    if (this.#user !== undefined) chownSync(directory, this.#user.uid, this.#user.gid);
    return directory;
  }

  /** Waits until PostgreSQL serves, as long as it is at work: after a crash it first replays its log. */
  async #launch(): Promise<void> {
    for (const began = performance.now(); !this.#stopping; await Bun.sleep(250)) {
      const child = this.#spawn();
      this.#child = child;
      while (child.exitCode === null && child.signalCode === null) {
        if (isReady(this.cluster, child.pid)) {
          this.#watching = this.#watch(child);
          return;
        }
        await Bun.sleep(5);
      }
      const complaint = lastComplaint(this.#log);
      const leaving = /shared memory block|lock file/.test(complaint) && performance.now() - began < leavePatience;
      if (!leaving) throw new StartError(`PostgreSQL did not start: ${complaint}`);
    }
  }

  #spawn(): Subprocess {
    const all = {
      ...settings,
      ...(this.#durable ? durableSettings : volatileSettings),
      unix_socket_directories: this.#socket,
    };
    const options = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const command = [this.#binaries.postgres, "-D", this.cluster, ...options];
    return spawnPostgres(command, this.#user, { directory: this.cluster, log: this.#log });
  }

  /** Starts PostgreSQL again whenever it ends unasked. Its clients reconnect by themselves. */
  async #watch(child: Subprocess): Promise<void> {
    await child.exited;
    if (this.#stopping) return;
    this.#logger.error({ signal: child.signalCode, exitCode: child.exitCode }, "PostgreSQL ended; starting it again");
    for (let pause: number = restartPause.first; !this.#stopping; pause = Math.min(2 * pause, restartPause.most)) {
      try {
        await endEarlierPostgres(this.cluster);
        await this.#launch();
        if (!this.#stopping) this.#logger.info("PostgreSQL is running again");
        return;
      } catch (error) {
        if (this.#stopping) return;
        this.#logger.error({ err: error }, "PostgreSQL could not be started again");
        await Bun.sleep(pause);
      }
    }
  }
}

/** The embedded PostgreSQL's user must be able to pass these; used to judge a data directory. */
export function dataDirectoryUser(dataDirectory: string): UnprivilegedUser | undefined {
  return unprivilegedUser(clusterDirectory(dataDirectory));
}
