import { join } from "node:path";

/** A node of its own process. */
export interface NodeProcess {
  readonly address: string;
  /** Asks it to end, and expects it to do so by itself. */
  stop(): Promise<void>;
  /** Ends it without a word to anyone. */
  kill(): Promise<void>;
}

/**
 * Starts a node and waits until it hears the others. Node reads no TypeScript, so the server is bundled for it.
 * @param folder where the bundle may be written
 */
export async function startProcess(
  runtime: "bun" | "node",
  folder: string,
  variables: Record<string, string>,
): Promise<NodeProcess> {
  const entry = join(import.meta.dir, `serve-on-${runtime}.ts`);
  const bundle = join(folder, "server.mjs");
  if (runtime === "node") {
    const built = await Bun.build({
      entrypoints: [entry],
      target: "node",
      format: "esm",
      outdir: folder,
      naming: "server.mjs",
    });
    if (!built.success) throw new AggregateError(built.logs, "The server could not be bundled.");
  }
  const child = Bun.spawn(runtime === "bun" ? [process.execPath, entry] : ["node", bundle], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
    env: { ...process.env, ...variables },
  });
  const { value } = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(value));
  if (!(port > 0)) throw new Error("The node printed no port.");
  return {
    address: `http://127.0.0.1:${port}`,
    async stop() {
      await child.stdin.end();
      const code = await child.exited;
      if (code !== 0) throw new Error(`The node ended with ${code}.`);
    },
    async kill() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
