import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server of the oracle's hubs that runs in a process of its own. */
export interface OracleServer {
  /** Like `http://127.0.0.1:8080`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Our server on Bun. */
export function startOnBun(): Promise<OracleServer> {
  return start([process.execPath, join(import.meta.dir, "server/bun.ts")]);
}

/** Our server on Node, which reads no TypeScript: it is bundled first. */
export async function startOnNode(): Promise<OracleServer> {
  const folder = await mkdtemp(join(tmpdir(), "oracle-node-"));
  const entrypoints = [join(import.meta.dir, "server/node.ts")];
  const built = await Bun.build({ entrypoints, target: "node", outdir: folder, naming: "server.mjs" });
  if (!built.success) throw new AggregateError(built.logs, "The server could not be bundled.");
  const server = await start(["node", join(folder, "server.mjs")]);
  return {
    address: server.address,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** ASP.NET Core's server, built into a folder outside of the repository. */
export async function startReference(): Promise<OracleServer> {
  const folder = await mkdtemp(join(tmpdir(), "oracle-dotnet-"));
  const sources = join(import.meta.dir, "../dotnet");
  await Bun.$`cp ${sources}/Program.cs ${sources}/OracleHub.cs ${sources}/TokenHandler.cs ${sources}/reference.csproj ${folder}`;
  await Bun.$`dotnet build -c Release -o ${folder}/out --nologo -v quiet`.cwd(folder).quiet();
  const server = await start(["dotnet", join(folder, "out/reference.dll")]);
  return {
    address: server.address,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Waits for the line that says where the server listens. @throws when it ends before */
async function start(command: readonly string[]): Promise<OracleServer> {
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  let output = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    output += decoder.decode(chunk, { stream: true });
    const address = /Now listening on: (http:\S+)\n/.exec(output)?.[1];
    if (address === undefined) continue;
    return {
      address,
      async stop() {
        child.kill();
        await child.exited;
      },
    };
  }
  throw new Error(`${command.join(" ")} did not start: ${output}`);
}
