import type { RunningServer } from "@hubbub/run-server";
import { type APIRequestContext, expect, request, test } from "@playwright/test";
import { closeWindows, log, nameOf, openWindow, type Person, password, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

/** More than three pages. */
const lines = 180;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
  const [fay] = await Promise.all([account("fay"), account("gus")]);
  const people = await get(fay, "/users?query=gus");
  const { conversation } = await post(fay, "/conversations", { type: "direct", memberIds: [people.items[0].id] });
  for (let line = 1; line <= lines; line++)
    await post(fay, `/conversations/${conversation.id}/messages`, {
      clientMessageId: crypto.randomUUID(),
      text: `Line ${line}. ${"Some are longer than others. ".repeat(line % 7)}`,
    });
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

/** Registers and signs in beside the page, for writing much. */
async function account(username: string): Promise<APIRequestContext> {
  const guest = await request.newContext();
  await post(guest, "/auth/register", {
    username,
    email: `${username}@example.org`,
    password,
    displayName: nameOf(username),
  });
  const session = { login: username, password, deviceId: crypto.randomUUID(), tokenDelivery: "body" };
  const { accessToken } = await post(guest, "/auth/login", session);
  return request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${accessToken}` } });
}

async function post(context: APIRequestContext, path: string, data: object) {
  const response = await context.post(`${server.url}/api/v1${path}`, { data });
  if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`);
  return response.json();
}

async function get(context: APIRequestContext, path: string) {
  return (await context.get(`${server.url}/api/v1${path}`)).json();
}

async function logIn(person: Person, username: string): Promise<void> {
  const { page } = person;
  await page.goto(server.url);
  await page.getByLabel("Username or e-mail").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

test("older messages come on scrolling, and what is read stays where it is", async ({ browser }) => {
  const gus = await openWindow(browser, { viewport: { width: 1280, height: 800 } });
  const { page, complaints } = gus;
  await logIn(gus, "gus");
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
  const fay = await openWindow(browser, { viewport: { width: 375, height: 720 } });
  const { page, complaints } = fay;
  await logIn(fay, "fay");
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
