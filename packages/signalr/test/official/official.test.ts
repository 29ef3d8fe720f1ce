import { afterAll, beforeAll, expect, test } from "bun:test";
import { combinationsIn, titleOf } from "./combination.ts";
import { startFixture } from "./fixture.ts";
import { runUnderNode } from "./run-under-node.ts";
import { expectedOf } from "./scripts/index.ts";

let fixture: Awaited<ReturnType<typeof startFixture>>;
let lines: AsyncGenerator<string>;
beforeAll(async () => {
  fixture = await startFixture();
  lines = runUnderNode(fixture.address, "all");
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
