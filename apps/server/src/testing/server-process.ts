import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Subprocess } from "bun";
import { clusterDirectory, embeddedUrl } from "../infrastructure/postgres/embedded-postgres.ts";
import { postmasterPid, socketDirectory } from "../infrastructure/postgres/postmaster.ts";

const main = join(import.meta.dir, "..", "main.ts");

const setpriv = Bun.which("setpriv");
/** Goes before the command of a server, which then, where the system can, ends with the test process that started it. */
export const endWithUs = setpriv === null ? [] : [setpriv, "--pdeathsig=TERM"];

/** A port that was free a moment ago, for a server that must come back at the same address. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** A new directory in which a server can keep its data. */
export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "hubbub-server-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }) };
}

export interface ServerOptions {
  readonly dataDirectory?: string;
  /** Over what the test process has of PATH and HOME alone. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Goes before the server's own command, such as `setpriv --reuid=…`. */
  readonly prefix?: readonly string[];
}

/** The real server in a process of its own. */
export class ServerProcess {
  readonly #child: Subprocess<"ignore", "pipe", "pipe">;
  readonly #dataDirectory: string | undefined;
  readonly #ready = Promise.withResolvers<string>();
  #output = "";
  #error: Promise<string> | undefined;

  constructor({ dataDirectory, env = {}, cwd = dirname(main), prefix = [] }: ServerOptions) {
    this.#dataDirectory = dataDirectory;
    this.#child = Bun.spawn([...prefix, ...endWithUs, process.execPath, main], {
      cwd,
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: process.env["HOME"] ?? "/",
        PORT: "0",
        HUBBUB_LIMITS: "off", // tests do in a second what people do in an hour

        ...(dataDirectory !== undefined && { HUBBUB_DATA_DIR: dataDirectory }),
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    void this.#read();
  }

  /** Starts a server and waits until it is ready. @throws Error with its output when it ends before */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    await server.url;
    return server;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.#child.stdout) {
      this.#output += decoder.decode(chunk, { stream: true });
      const url = /Hubbub is ready at (\S+)/.exec(this.#output)?.[1];
      if (url !== undefined) this.#ready.resolve(url);
    }
    const { code, error } = await this.ended();
    this.#ready.reject(new Error(`The server ended with code ${code}: ${error}\n${this.#output}`));
    // Who starts a server to see it fail asks `ended` alone.
    this.#ready.promise.catch(() => undefined);
  }

  /** Its address, once it is ready. */
  get url(): Promise<string> {
    return this.#ready.promise;
  }

  /** What it has said on standard output. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Process id of its embedded PostgreSQL. */
  get postgresPid(): number | undefined {
    return this.#dataDirectory === undefined ? undefined : postmasterPid(clusterDirectory(this.#dataDirectory));
  }

  /** Address of its embedded PostgreSQL. */
  get databaseUrl(): string {
    const directory = this.#dataDirectory && socketDirectory(clusterDirectory(this.#dataDirectory));
    if (directory === undefined) throw new Error("This server has no PostgreSQL of its own running");
    return embeddedUrl(directory);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for its end. */
  async ended(): Promise<{ readonly code: number; readonly error: string }> {
    this.#error ??= new Response(this.#child.stderr).text();
    const [code, error] = await Promise.all([this.#child.exited, this.#error]);
    return { code, error };
  }

  /** Asks it to end, as `docker stop` does. */
  stop(): Promise<{ readonly code: number; readonly error: string }> {
    this.kill("SIGTERM");
    return this.ended();
  }
}
