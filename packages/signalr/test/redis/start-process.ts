import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";

/** A node of its own process. */
export interface NodeProcess {
  readonly address: string;
  /** Asks it to end, and expects it to do so by itself. */
  stop(): Promise<void>;
  /** Ends it without a word to anyone. */
  kill(): Promise<void>;
}

export type NodeRuntime = "bun" | "node" | "dotnet";

/**
 * Starts a node and waits until it hears the others. Node reads no TypeScript, so the server is bundled for it; the one
 * of ASP.NET Core is built, for which the .NET SDK and two packages are needed.
 * @param folder where the server may be written
 */
export async function startProcess(
  runtime: NodeRuntime,
  folder: string,
  variables: Record<string, string>,
): Promise<NodeProcess> {
  const command = await commandFor(runtime, folder);
  const child = Bun.spawn(command, {
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

async function commandFor(runtime: NodeRuntime, folder: string): Promise<string[]> {
  const entry = join(import.meta.dir, `serve-on-${runtime}.ts`);
  switch (runtime) {
    case "bun":
      return [process.execPath, entry];
    case "node": {
      const built = await Bun.build({
        entrypoints: [entry],
        target: "node",
        format: "esm",
        outdir: folder,
        naming: "server.mjs",
      });
      if (!built.success) throw new AggregateError(built.logs, "The server could not be bundled.");
      return ["node", join(folder, "server.mjs")];
    }
    case "dotnet": {
      const out = join(folder, "out");
      if (!existsSync(out)) {
        const sources = join(folder, "dotnet");
        await cp(join(import.meta.dir, "dotnet"), sources, { recursive: true });
        await Bun.$`dotnet build -c Release -o ${out} --nologo -v quiet`.cwd(sources).quiet();
      }
      return ["dotnet", join(out, "nodes.dll")];
    }
  }
}
