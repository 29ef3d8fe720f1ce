import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleForNode, startListening } from "../test-server/start.ts";

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
  return start(["node", await bundleForNode(join(import.meta.dir, "server/node.ts"), folder)], folder);
}

/** ASP.NET Core's server, built into a folder outside of the repository. */
export async function startReference(): Promise<OracleServer> {
  const folder = await mkdtemp(join(tmpdir(), "oracle-dotnet-"));
  const sources = join(import.meta.dir, "../dotnet");
  await Bun.$`cp ${sources}/Program.cs ${sources}/OracleHub.cs ${sources}/TokenHandler.cs ${sources}/reference.csproj ${folder}`;
  await Bun.$`dotnet build -c Release -o ${folder}/out --nologo -v quiet`.cwd(folder).quiet();
  return start(["dotnet", join(folder, "out/reference.dll")], folder);
}

/** @param folder goes with the server */
async function start(command: readonly string[], folder?: string): Promise<OracleServer> {
  const server = await startListening(command);
  return {
    address: server.addresses[0] ?? "",
    async stop() {
      await server.stop();
      if (folder !== undefined) await rm(folder, { recursive: true });
    },
  };
}
