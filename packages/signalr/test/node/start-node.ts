import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Bundles a server for Node, which reads no TypeScript, and runs it there until `stop`. */
export async function startOnNode(entry: string, variables: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "signalr-node-"));
  const built = await Bun.build({
    entrypoints: [entry],
    target: "node",
    format: "esm",
    outdir: folder,
    naming: "server.mjs",
  });
  if (!built.success) throw new AggregateError(built.logs, "The server could not be bundled.");
  const child = Bun.spawn(["node", join(folder, "server.mjs")], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
    env: { ...process.env, ...variables },
  });
  const { value } = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(value));
  if (!(port > 0)) throw new Error("The server printed no port.");
  return {
    address: `http://127.0.0.1:${port}`,
    /** Asks the server to end, and expects it to do so by itself. */
    async stop() {
      await child.stdin.end();
      const code = await child.exited;
      await rm(folder, { recursive: true });
      if (code !== 0) throw new Error(`The server ended with ${code}.`);
    },
  };
}
