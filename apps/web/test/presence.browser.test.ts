import type { RunningServer } from "@hubbub/run-server";
import { expect, type Page, test } from "@playwright/test";
import { closeWindows, signUp, startDirect, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const header = (page: Page, text: string | RegExp) =>
  page.getByRole("banner").or(page.locator("header")).getByText(text);

test("one sees whether the other is there and when they were last, and that they type", async ({ browser }) => {
  const ada = await signUp(browser, server.url, "ada");
  const grace = await signUp(browser, server.url, "grace");
  await startDirect(ada, "grace");
  await expect(header(ada.page, "Online")).toBeVisible();
  await expect(ada.page.getByRole("img", { name: "online" }).first()).toBeVisible();
  await write(ada, "Hello");
  await grace.page.getByRole("link", { name: /Ada/ }).click();
  await expect(grace.page.getByText("Hello").last()).toBeVisible();

  await grace.page.getByRole("textbox", { name: /^Message to/ }).pressSequentially("Hi A");
  await expect(ada.page.getByText("Grace is typing…")).toBeVisible();
  await expect(grace.page.getByText(/is typing/)).toHaveCount(0);
  await grace.page.keyboard.press("Enter");
  await expect(ada.page.getByText("Grace is typing…")).toHaveCount(0);

  await grace.page.getByRole("textbox", { name: /^Message to/ }).pressSequentially("Something longer", { delay: 250 });
  await expect(ada.page.getByText("Grace is typing…")).toBeVisible({ timeout: 10_000 });
  await grace.page.context().close();
  await expect(ada.page.getByText("Grace is typing…")).toHaveCount(0);
  await expect(header(ada.page, /^Last seen /)).toBeVisible({ timeout: 20_000 });
  await expect(ada.page.getByRole("img", { name: "online" })).toHaveCount(0);
  expect([...ada.complaints.all, ...grace.complaints.all]).toEqual([]);
});
