import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { combinationsIn, titleOf } from "./combination.ts";
import { startFixture } from "./fixture.ts";
import { expectedOf } from "./scripts/index.ts";

/** Runs the scripts under Node, which reads no TypeScript. */
async function* runUnderNode(control: string) {
  const folder = await mkdtemp(join(tmpdir(), "official-client-"));
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, "in-node.ts")],
    target: "node",
    outdir: folder,
    naming: "in-node.mjs",
  });
  if (!built.success) throw new AggregateError(built.logs, "The scripts could not be bundled.");
  const command = ["node", join(folder, "in-node.mjs"), join(import.meta.dir, "../.."), control];
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

let fixture: Awaited<ReturnType<typeof startFixture>>;
let lines: AsyncGenerator<string>;
beforeAll(async () => {
  fixture = await startFixture();
  lines = runUnderNode(fixture.address);
}, 30_000);
afterAll(async () => {
  await lines.return(undefined);
  await fixture.stop();
});

for (const combination of combinationsIn("Node")) {
  test(`[R1] ${titleOf(combination)}`, async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("The scripts ended early.");
    expect(JSON.parse(value)).toEqual(JSON.parse(JSON.stringify(expectedOf(combination))));
  }, 60_000);
}
