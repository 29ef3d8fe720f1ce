import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningServer } from "@hubbub/run-server";
import { expect, type Page, test } from "@playwright/test";
import { startServer } from "./server-fixture.ts";

const repository = join(import.meta.dirname, "../../..");

declare const chat: (server: string, username: string) => Promise<string | undefined>;

function bundledStage(): string {
  const folder = mkdtempSync(join(tmpdir(), "hubbub-stage-"));
  const bun = join(repository, "node_modules/.bin/bun");
  const stage = join(import.meta.dirname, "elsewhere-stage.ts");
  execFileSync(bun, ["build", stage, "--target=browser", `--outdir=${folder}`], { cwd: repository });
  const script = readFileSync(join(folder, "elsewhere-stage.js"), "utf8");
  rmSync(folder, { recursive: true });
  return script;
}

/** A site of its own, with the SDK in its page. */
async function startSite(script: string): Promise<{ readonly url: string; readonly site: Server }> {
  const site = createServer((request, response) => {
    const isScript = request.url === "/stage.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : '<!doctype html><body></body><script type="module" src="/stage.js"></script>');
  });
  site.listen(0, "127.0.0.1");
  await once(site, "listening");
  const address = site.address();
  if (address === null || typeof address === "string") throw new Error("Unreachable: it listens on a port.");
  return { url: `http://127.0.0.1:${address.port}`, site };
}

let server: RunningServer;
let allowed: Awaited<ReturnType<typeof startSite>>;
let foreign: Awaited<ReturnType<typeof startSite>>;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const script = bundledStage();
  [allowed, foreign] = await Promise.all([startSite(script), startSite(script)]);
  server = await startServer(() => ({ HUBBUB_ALLOWED_ORIGINS: allowed.url }));
});
test.afterAll(async () => {
  await server.stop();
  for (const { site } of [allowed, foreign]) site.close();
});

async function chatOn(page: Page, url: string, username: string): Promise<string | undefined> {
  await page.goto(url);
  await page.waitForFunction(() => "chat" in globalThis);
  return page.evaluate(([at = "", name = ""]) => chat(at, name), [server.url, username]);
}

test("a client on a page of an allowed origin signs in, sends and hears; one of another origin gets nowhere", async ({
  page,
}) => {
  expect(await chatOn(page, allowed.url, "ada")).toBe("From elsewhere");
  await expect(chatOn(page, foreign.url, "eve")).rejects.toThrow();
  // Nothing was done on the way: the name is still free.
  expect(await chatOn(page, allowed.url, "eve")).toBe("From elsewhere");
});
