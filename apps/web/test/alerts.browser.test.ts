import type { RunningServer } from "@hubbub/run-server";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { closeWindows, log, type Person, signUp, startDirect, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

interface Alert {
  readonly title: string;
  readonly body: string;
}

const alerts = (page: Page): Promise<readonly Alert[]> =>
  page.evaluate(async () => {
    const shown = await (await navigator.serviceWorker.getRegistration())?.getNotifications();
    return (shown ?? []).map(({ title, body }) => ({ title, body }));
  });

/** As a click does; a real one the system under the browser would have to give. */
async function click(context: BrowserContext): Promise<void> {
  await context.serviceWorkers()[0]?.evaluate(async () => {
    const scope = Object(globalThis);
    const [notification] = await scope.registration.getNotifications();
    scope.dispatchEvent(new scope.NotificationEvent("notificationclick", { notification }));
  });
}

const ready = (page: Page) =>
  expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");

const settingsOf = async ({ page }: Person, section: string): Promise<void> => {
  await page.getByRole("button", { name: "Account and appearance" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await page.getByRole("dialog").getByRole("button", { name: section }).click();
};

test("[P10] one window alerts of what comes while nobody looks, until it is read; a click leads there; words only where wanted", async ({
  browser,
}) => {
  const ann = await signUp(browser, server.url, "ann");
  const cat = await signUp(browser, server.url, "cat");
  const bob = await signUp(browser, server.url, "bob", { permissions: ["notifications"] });
  await ready(bob.page);
  const second = await bob.page.context().newPage();
  await second.goto(server.url);
  await ready(second);

  await startDirect(ann, "bob");
  await write(ann, "are you there?");
  await expect.poll(() => alerts(bob.page)).toEqual([{ title: "Ann", body: "are you there?" }]);
  await write(ann, "hello?");
  await expect.poll(() => alerts(bob.page)).toEqual([{ title: "Ann", body: "hello?" }]);
  await click(bob.page.context());
  const windows = [bob.page, second];
  await expect.poll(() => windows.filter((page) => page.url().includes("/c/")).length).toBe(1);
  const reader = windows.find((page) => page.url().includes("/c/")) ?? second;
  await expect(reader.getByRole("log", { name: "Messages" }).getByText("hello?")).toBeVisible();
  await expect.poll(() => alerts(bob.page)).toEqual([]);

  // whoever looks at a conversation needs no alert of it, whichever window leads
  await write(ann, "while you look");
  await expect(reader.getByRole("log", { name: "Messages" }).getByText("while you look")).toBeVisible();
  await startDirect(cat, "bob");
  await write(cat, "from Cat");
  await expect.poll(() => alerts(bob.page)).toEqual([{ title: "Cat", body: "from Cat" }]);

  await settingsOf(bob, "Notifications");
  await bob.page.getByLabel("What was written").selectOption("hidden");
  await write(cat, "a secret");
  await expect.poll(() => alerts(bob.page)).toEqual([{ title: "Cat", body: "New message" }]);
  await bob.page.getByRole("button", { name: "Turn off" }).click();
  await expect(bob.page.getByText("Not shown here.")).toBeVisible();

  // what is shown goes with the session
  await bob.page.keyboard.press("Escape");
  await bob.page.getByRole("button", { name: "Account and appearance" }).click();
  await bob.page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(bob.page.getByLabel("Password", { exact: true })).toBeVisible();
  await expect.poll(() => alerts(bob.page)).toEqual([]);
  expect(bob.complaints.all).toEqual([]);
});

const count = async (page: Page): Promise<string> => /^\((.+)\)/.exec(await page.title())?.[1] ?? "";

test("[L16] [L22] two windows of a browser and a second browser: reading in one clears the badge in all within a second", async ({
  browser,
}) => {
  const eve = await signUp(browser, server.url, "eve");
  const dan = await signUp(browser, server.url, "dan");
  const tab = await dan.page.context().newPage();
  await tab.goto(server.url);
  const elsewhere = await (await browser.newContext()).newPage();
  await elsewhere.goto(`${server.url}/login`);
  await elsewhere.getByLabel("Username or e-mail").fill("dan");
  await elsewhere.getByLabel("Password", { exact: true }).fill("correct horse battery staple");
  await elsewhere.getByRole("button", { name: "Log in" }).click();
  await startDirect(eve, "dan");
  for (const text of ["one", "two", "three"]) await write(eve, text);
  const windows = [dan.page, tab, elsewhere];
  for (const page of windows) await expect.poll(() => count(page)).toBe("3");

  await dan.page.getByRole("link", { name: /Eve/ }).click();
  await expect(log(dan).getByText("three")).toBeVisible();
  const readAt = Date.now();
  for (const page of windows) await expect.poll(() => count(page), { intervals: [20] }).toBe("");
  expect(Date.now() - readAt).toBeLessThan(1_000);
});
