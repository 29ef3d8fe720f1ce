import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { Account, logIn } from "./accounts.ts";
import { closeWindows, log, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

/** More than three pages. */
const lines = 180;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
  const [fay, gus] = await Promise.all([Account.create(server.url, "fay"), Account.create(server.url, "gus")]);
  const conversation = await fay.start("direct", [gus]);
  for (let line = 1; line <= lines; line++)
    await fay.write(conversation, `Line ${line}. ${"Some are longer than others. ".repeat(line % 7)}`);
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

test("older messages come on scrolling, and what is read stays where it is", async ({ browser }) => {
  const gus = await logIn(server.url, "gus", browser, { viewport: { width: 1280, height: 800 } });
  const { page, complaints } = gus;
  // Held back, so that there is a moment to look before a page of history comes.
  let asked = 0;
  let letThrough = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route(/beforeSeq=/, async (route) => {
    asked++;
    await held;
    await route.continue();
  });
  await page.getByRole("link", { name: /Fay/ }).click();
  await expect(log(gus).getByText(`Line ${lines}.`)).toBeInViewport();
  await page.waitForTimeout(300);
  expect(asked).toBe(0);
  await log(gus).hover();
  await page.mouse.wheel(0, -900);
  await expect.poll(() => asked).toBe(1);
  await page.waitForTimeout(200);
  const shown = await log(gus)
    .locator("article")
    .evaluateAll((articles) => {
      const seen = articles.find((article) => article.getBoundingClientRect().top > 100);
      return { text: seen?.querySelector("p[dir=auto]")?.textContent ?? "", top: seen?.getBoundingClientRect().top };
    });
  const loaded = page.waitForResponse(/beforeSeq=/);
  letThrough();
  await loaded;
  await page.waitForTimeout(300);
  const article = log(gus).locator("article", { hasText: /^/ }).filter({ hasText: shown.text }).first();
  expect(Math.abs(((await article.boundingBox())?.y ?? 0) - (shown.top ?? 0))).toBeLessThanOrEqual(2);

  await expect(async () => {
    await page.mouse.wheel(0, -1500);
    await expect(log(gus).getByText("This is where")).toBeInViewport({ timeout: 100 });
  }).toPass({ timeout: 20_000, intervals: [50] });
  await expect(log(gus).getByText(/^Line 1\. /)).toBeInViewport();
  expect(await log(gus).locator("article").count()).toBeLessThan(80);

  await page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(log(gus).getByText(`Line ${lines}.`)).toBeVisible();
  await write(gus, "At the end");
  await expect(log(gus).getByText("At the end")).toBeInViewport();
  expect(complaints.all).toEqual([]);
});

test("at 375 pixels there is one column, and the way back works", async ({ browser }) => {
  const fay = await logIn(server.url, "fay", browser, { viewport: { width: 375, height: 720 } });
  const { page, complaints } = fay;
  const list = page.getByRole("navigation", { name: "Conversations" });
  await page.getByRole("link", { name: /Gus/ }).click();
  await expect(log(fay)).toBeVisible();
  await expect(list).toBeHidden();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  await page.getByRole("link", { name: "Back to conversations" }).click();
  await expect(list).toBeVisible();
  await expect(log(fay)).toBeHidden();
  await page.goBack();
  await expect(log(fay)).toBeVisible();
  await page.goForward();
  await expect(list).toBeVisible();
  expect(complaints.all).toEqual([]);
});
