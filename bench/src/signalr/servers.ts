import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DialectName } from "./dialects.ts";

const bench = join(import.meta.dir, "../..");
const peers = join(bench, "peers");
const dist = join(bench, "dist");

/** A server that is measured: how to build it, how to start it, how its messages travel. */
export interface MeasuredServer {
  readonly name: string;
  readonly title: string;
  readonly dialect: DialectName;
  /** @returns the command to start it, or why it cannot run here */
  readonly prepare: () => Promise<readonly string[] | { readonly absent: string }>;
}

function versionOf(library: string): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(Bun.resolveSync(`${library}/package.json`, bench), "utf8"),
  );
  return version;
}

/** Node runs JavaScript: everything of ours in one file, libraries from where they are installed. */
async function bundleForNode(entry: string): Promise<readonly string[]> {
  const { outputs } = await Bun.build({
    entrypoints: [join(peers, entry)],
    target: "node",
    external: ["ws", "socket.io"],
    outdir: dist,
  });
  const [output] = outputs;
  if (output === undefined) throw new Error(`${entry} was not bundled`);
  return ["node", "--expose-gc", output.path];
}

async function buildAspNetCore(): Promise<readonly string[] | { readonly absent: string }> {
  if (Bun.which("dotnet") === null) return { absent: "the .NET SDK is not installed" };
  const artifacts = join(dist, "aspnetcore");
  const build = Bun.spawn(["dotnet", "build", "-c", "Release", "--artifacts-path", artifacts, "-nologo", "-v", "q"], {
    cwd: join(peers, "aspnetcore"),
    env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: "1" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const output = await new Response(build.stdout).text();
  if ((await build.exited) !== 0)
    return { absent: `the .NET SDK did not build it: ${output.trim().split("\n").at(-1)}` };
  return ["dotnet", join(artifacts, "bin/bench/release/bench.dll")];
}

export const measuredServers: readonly MeasuredServer[] = [
  {
    name: "hubbub-bun",
    title: "@hubbub/signalr on Bun",
    dialect: "signalr",
    prepare: async () => [process.execPath, join(peers, "hubbub-bun.ts")],
  },
  {
    name: "hubbub-node",
    title: "@hubbub/signalr on Node",
    dialect: "signalr",
    prepare: () => bundleForNode("hubbub-node.ts"),
  },
  {
    name: "bun-publish",
    title: "Bun alone, native publish",
    dialect: "plain",
    prepare: async () => [process.execPath, join(peers, "bun-publish.ts")],
  },
  {
    name: "ws",
    title: `ws ${versionOf("ws")} on Node`,
    dialect: "plain",
    prepare: () => bundleForNode("ws.ts"),
  },
  {
    name: "socket.io",
    title: `Socket.IO ${versionOf("socket.io")} on Node`,
    dialect: "socket.io",
    prepare: () => bundleForNode("socket-io.ts"),
  },
  { name: "aspnetcore", title: "ASP.NET Core SignalR 10", dialect: "signalr", prepare: buildAspNetCore },
];

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Milliseconds. */
const START_PATIENCE = 20_000;

/** @throws Error when the server does not say within 20 s where it listens */
export async function startServer(command: readonly string[]): Promise<RunningServer> {
  const child = Bun.spawn([...command], {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await child.exited;
  };
  const timer = setTimeout(() => child.kill("SIGKILL"), START_PATIENCE);
  const decoder = new TextDecoder();
  let output = "";
  for await (const chunk of child.stdout) {
    output += decoder.decode(chunk, { stream: true });
    const port = /port (\d+)/.exec(output)?.[1];
    if (port === undefined) continue;
    clearTimeout(timer);
    return { pid: child.pid, port: Number(port), stop };
  }
  await stop();
  throw new Error(`A server did not start: ${command.join(" ")}\n${output}`);
}
