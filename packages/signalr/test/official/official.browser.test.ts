import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@playwright/test";
import { combinationsIn, titleOf } from "./combination.ts";
import { expectedOf } from "./scripts/index.ts";

const bun = join(import.meta.dirname, "../../../../node_modules/.bin/bun");

// What a page of these shows says nothing, and to record it takes longer than the scripts do.
test.use({ trace: "off", screenshot: "off" });

let fixture: ChildProcess;
let address: string;

test.beforeAll(async () => {
  const child = spawn(bun, [join(import.meta.dirname, "fixture.ts")], { stdio: ["pipe", "pipe", "inherit"] });
  fixture = child;
  [address] = await once(createInterface(child.stdout), "line");
});
test.afterAll(async () => {
  const ended = once(fixture, "exit");
  fixture.stdin?.end();
  await ended;
});

for (const combination of combinationsIn("Chromium")) {
  test(`[R1] ${titleOf(combination)}`, async ({ page }) => {
    await page.goto(address);
    const seen = await page.evaluate((asked) => runInPage(asked), combination);
    expect(JSON.parse(JSON.stringify(seen))).toEqual(JSON.parse(JSON.stringify(expectedOf(combination))));
  });
}
