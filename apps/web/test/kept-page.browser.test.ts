import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningServer } from "@hubbub/run-server";
import { expect, type Page, test } from "@playwright/test";
import { storedTexts } from "./kept-chat.ts";
import { closeWindows, log, signUp, startDirect, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

const dist = join(import.meta.dirname, "../dist");
const built = mkdtempSync(join(tmpdir(), "hubbub-built-"));

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
  cpSync(dist, built, { recursive: true });
});
test.afterEach(async ({ browser }) => {
  await closeWindows(browser);
  cpSync(built, dist, { recursive: true });
});
test.afterAll(async () => {
  rmSync(built, { recursive: true });
  await server.stop();
});

/** Puts a version on the server that differs by a mark in its page. */
function publish(mark: string): void {
  rmSync(join(dist, ".source-hash"), { force: true }); // whatever happens here, the next build is a whole one
  const integrity = (content: string): string => `sha256-${createHash("sha256").update(content).digest("base64")}`;
  const page = readFileSync(join(built, "index.html"), "utf8");
  const marked = page.replace("<body>", `<body data-version="${mark}">`);
  const worker = readFileSync(join(built, "service-worker.js"), "utf8")
    .replaceAll(integrity(page), integrity(marked))
    .replace(/`hubbub\.page\.`,(\w+)=/, `\`hubbub.page.\`,$1=\`${mark}\`+`);
  writeFileSync(join(dist, "index.html"), marked);
  writeFileSync(join(dist, "service-worker.js"), worker);
}

/** Whether all files are kept, and by which worker the window is served. */
async function isKept(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");
}

const version = (page: Page): Promise<string | undefined> => page.evaluate(() => document.body.dataset["version"]);

test("without a server the page starts all the same, in a new window too, from files alone: nothing that the API answers is kept by it", async ({
  browser,
}) => {
  const ann = await signUp(browser, server.url, "ann");
  await signUp(browser, server.url, "bob");
  await startDirect(ann, "bob");
  await write(ann, "kept here");
  await expect(log(ann).getByText("kept here")).toBeVisible();
  await isKept(ann.page);
  await expect.poll(async () => JSON.stringify(await storedTexts(ann))).toContain("kept here");
  ann.complaints.isOutage = true;
  await server.kill();
  await ann.page.reload();
  await expect(log(ann).getByText("kept here")).toBeVisible();
  const other = await ann.page.context().newPage();
  await other.goto(server.url);
  await expect(other.getByRole("link", { name: /Bob/ })).toBeVisible();
  // parts that nobody has opened before
  await other.getByRole("button", { name: "New conversation" }).click();
  await expect(other.getByRole("dialog")).toBeVisible();
  const paths = await ann.page.evaluate(async () => {
    const all = await Promise.all((await caches.keys()).map(async (each) => (await caches.open(each)).keys()));
    return all.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(paths).toContain("/index.html");
  expect(paths.filter((path) => !/^\/(assets\/|index\.html$|icon|apple-touch-icon|manifest)/.test(path))).toEqual([]);
  await server.start();
  expect(ann.complaints.all).toEqual([]);
});

test("a newer version is told of and comes when one wants it, whole; another window keeps its own until then", async ({
  browser,
}) => {
  const cat = await signUp(browser, server.url, "cat");
  await isKept(cat.page);
  const second = await cat.page.context().newPage();
  await second.goto(server.url);
  await isKept(second);
  publish("second");
  const look = (page: Page) =>
    page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
  await look(cat.page);
  for (const page of [cat.page, second]) await expect(page.getByText("A new version is ready.")).toBeVisible();
  await second.reload();
  expect(await version(second)).toBeUndefined();
  await cat.page.getByRole("button", { name: "Show it" }).click();
  await expect.poll(() => version(cat.page).catch(() => undefined)).toBe("second");
  await expect(cat.page.getByText("A new version is ready.")).toBeHidden();
  expect(await version(second)).toBeUndefined();
  await second.getByRole("button", { name: "Browse channels" }).click();
  await expect(second.getByRole("dialog")).toBeVisible();
  await second.keyboard.press("Escape");
  await second.getByRole("button", { name: "Show it" }).click();
  await expect.poll(() => version(second).catch(() => undefined)).toBe("second");
  // of a version that does not fit together nothing is taken
  publish("third");
  writeFileSync(join(dist, "index.html"), "<!doctype html><p>of another version</p>");
  await look(cat.page).catch(() => undefined);
  const comes = () =>
    cat.page.evaluate(async () => {
      const { installing, waiting } = (await navigator.serviceWorker.getRegistration()) ?? {};
      return { installing: installing?.state, waiting: waiting?.state };
    });
  await expect.poll(comes).toEqual({ installing: undefined, waiting: undefined });
  await cat.page.reload();
  expect(await version(cat.page)).toBe("second");
  expect(cat.complaints.all.filter((line) => !line.includes("integrity"))).toEqual([]);
});

test("the page can be installed: the manifest is read, its icons are there", async ({ browser }) => {
  const dan = await signUp(browser, server.url, "dan");
  await isKept(dan.page);
  const client = await dan.page.context().newCDPSession(dan.page);
  const { errors, url } = await client.send("Page.getAppManifest");
  expect([new URL(url).pathname, errors]).toEqual(["/manifest.webmanifest", []]);
  const { installabilityErrors } = await client.send("Page.getInstallabilityErrors");
  // windows of tests are private ones, which install nothing
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
});
