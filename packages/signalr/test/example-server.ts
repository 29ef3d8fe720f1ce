import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "..");
const examples = join(root, "examples");
const modules = join(root, "../../node_modules");
const bun = join(modules, ".bin/bun");

/** The examples, by the runtime they are for. */
export const exampleNames = { Bun: ["bun", "hono"], Node: ["node-http", "express", "fastify"] } as const;

/** Starts an example on a port of its own, as its first line tells; the oldest Node that is supported reads no TypeScript. */
export async function startExample(runtime: keyof typeof exampleNames, name: string) {
  const folder = await mkdtemp(join(tmpdir(), "signalr-example-"));
  const source = join(examples, `${name}.ts`);
  const built = join(folder, `${name}.mjs`);
  if (runtime === "Node") {
    execFileSync(bun, ["build", "--target=node", "--packages=bundle", `--outfile=${built}`, source]);
    await copyFile(join(examples, "index.html"), join(folder, "index.html"));
    await symlink(modules, join(folder, "node_modules"));
  }
  const [program, file] = runtime === "Bun" ? [bun, source] : ["node", built];
  const child = spawn(program, [file], { env: { ...process.env, PORT: "0" }, stdio: ["ignore", "pipe", "inherit"] });
  const [address]: string[] = await once(createInterface(child.stdout), "line");
  return {
    address: address ?? "",
    /** Asks it to end, and expects it to do so by itself. */
    async stop() {
      child.kill("SIGTERM");
      const [code] = await once(child, "exit");
      await rm(folder, { recursive: true });
      if (code !== 0) throw new Error(`The example ended with ${code}.`);
    },
  };
}
