import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { closeWindows, log, type Person, signUp, startDirect, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const mark = ({ page }: Person, name: string) => page.getByRole("img", { name, exact: true });

test("what waits is counted in every tab, reading it in one clears the others, and its sender sees that it was read", async ({
  browser,
}) => {
  const hal = await signUp(browser, server.url, "hal");
  const ida = await signUp(browser, server.url, "ida");
  const otherTab = { ...ida, page: await ida.page.context().newPage() };
  await otherTab.page.goto(server.url);
  await startDirect(hal, "ida");
  for (const text of ["One", "Two", "Three"]) await write(hal, text);

  for (const { page } of [ida, otherTab]) {
    await expect(page.getByRole("link", { name: /Hal.*3 unread/ })).toBeVisible();
    await expect(page).toHaveTitle("(3) Hubbub");
  }
  await expect(mark(hal, "Delivered")).toHaveCount(3);
  await expect(mark(hal, "Read")).toHaveCount(0);

  await ida.page.getByRole("link", { name: /Hal/ }).click();
  await expect(log(ida).getByText("New messages", { exact: true })).toBeVisible();
  // a second at most, from the moment in which it is seen
  await expect(otherTab.page.getByText("unread")).toHaveCount(0, { timeout: 1_000 });
  await expect(otherTab.page).toHaveTitle("Hubbub");
  await expect(ida.page).toHaveTitle("Hal · Hubbub");
  await expect(mark(hal, "Read")).toHaveCount(3);

  await write(hal, "Four");
  await expect(log(ida).getByText("Four")).toBeVisible();
  await expect(mark(hal, "Read")).toHaveCount(4);
  await expect(otherTab.page.getByText("unread")).toHaveCount(0);
  for (const { page } of [ida, otherTab, hal]) await page.reload();
  await expect(mark(hal, "Read")).toHaveCount(4);
  await expect(otherTab.page.getByRole("link", { name: /Hal/ })).toBeVisible();
  await expect(otherTab.page.getByText("unread")).toHaveCount(0);
  expect([...hal.complaints.all, ...ida.complaints.all]).toEqual([]);
});

test("what comes while one is scrolled up is not read before one is there", async ({ browser }) => {
  const jan = await signUp(browser, server.url, "jan", { viewport: { width: 900, height: 500 } });
  const kim = await signUp(browser, server.url, "kim");
  await startDirect(jan, "kim");
  await kim.page.getByRole("link", { name: /Jan/ }).click();
  for (let line = 1; line <= 30; line++) await write(kim, `Line ${line}`);
  await expect(log(jan).getByText("Line 30")).toBeVisible();
  await expect(mark(kim, "Read").last()).toBeVisible();
  await log(jan).hover();
  await jan.page.mouse.wheel(0, -1_000);
  await expect(jan.page.getByRole("button", { name: "Jump to latest" })).toBeVisible();
  await write(kim, "Unseen");
  await expect(jan.page.getByRole("button", { name: "1 new" })).toBeVisible();
  await expect(mark(kim, "Delivered")).toHaveCount(1);
  await jan.page.getByRole("button", { name: "1 new" }).click();
  await expect(mark(kim, "Delivered")).toHaveCount(0);
  await expect(mark(kim, "Sent")).toHaveCount(0);
});
