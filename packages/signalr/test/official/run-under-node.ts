import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs the scripts under Node, which reads no TypeScript: a line of JSON for each combination, as it ends.
 * @param set which combinations
 */
export async function* runUnderNode(control: string, set: "all" | "forwarded") {
  const folder = await mkdtemp(join(tmpdir(), "official-client-"));
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, "in-node.ts")],
    target: "node",
    outdir: folder,
    naming: "in-node.mjs",
  });
  if (!built.success) throw new AggregateError(built.logs, "The scripts could not be bundled.");
  const command = ["node", join(folder, "in-node.mjs"), join(import.meta.dir, "../.."), control, set];
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  try {
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) {
      const lines = (text + decoder.decode(chunk, { stream: true })).split("\n");
      text = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    child.kill();
    await child.exited;
    await rm(folder, { recursive: true });
  }
}
