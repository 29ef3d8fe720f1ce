import type { RunningServer } from "@hubbub/run-server";
import { expect, type Page, test } from "@playwright/test";
import { generateSync } from "otplib";
import { closeWindows, password, signUp } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const openMenu = (page: Page) => page.getByRole("button", { name: "Account and appearance" }).click();

async function logOut(page: Page): Promise<void> {
  await openMenu(page);
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
}

/** As far as the second step. */
async function logIn(page: Page): Promise<void> {
  await page.goto(`${server.url}/login`);
  await page.getByLabel("Username or e-mail").fill("ann");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
}

test("one turns two-step log-in on with an app, logs in with a recovery code, and turns it off", async ({
  browser,
}) => {
  const { page } = await signUp(browser, server.url, "ann");
  const conversations = page.getByRole("navigation", { name: "Conversations" });
  const dialog = page.getByRole("dialog", { name: "Settings" });
  await openMenu(page);
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await dialog.getByRole("button", { name: "Two steps" }).click();
  await dialog.getByRole("button", { name: "Set up" }).click();
  await expect(dialog.getByRole("img", { name: "QR code for an authenticator app" })).toBeVisible();
  const secret = (await dialog.locator("code").textContent()) ?? "";
  await dialog.getByLabel("Code", { exact: true }).fill("12345");
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(dialog.getByText("Must have six digits.")).toBeVisible();
  await dialog.getByLabel("Code", { exact: true }).fill(generateSync({ secret }));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  const codes = dialog.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  const recoveryCode = (await codes.first().textContent()) ?? "";
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await expect(dialog).toContainText("Recovery codes left: 10");
  await page.keyboard.press("Escape");

  await logOut(page);
  await logIn(page);
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await page
    .getByLabel("Code", { exact: true })
    .fill(generateSync({ secret, epoch: Math.floor(Date.now() / 1000) - 300 }));
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(page.getByRole("alert")).toHaveText("The code is wrong, or was used already.");
  await page.getByRole("button", { name: "Use a recovery code" }).click();
  await page.getByLabel("Recovery code").fill(recoveryCode);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(conversations).toBeVisible();

  await openMenu(page);
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await dialog.getByRole("button", { name: "Two steps" }).click();
  await expect(dialog).toContainText("Recovery codes left: 9");
  await dialog.getByRole("button", { name: "New recovery codes" }).click();
  await expect(codes).toHaveCount(10);
  await expect(codes.filter({ hasText: recoveryCode })).toHaveCount(0);
  await dialog.getByRole("button", { name: "I have kept them" }).click();
  await expect(dialog).toContainText("Recovery codes left: 10");
  await dialog.getByLabel("Password", { exact: true }).fill(password);
  await dialog.getByRole("button", { name: "Turn off" }).click();
  await expect(dialog.getByRole("button", { name: "Set up" })).toBeVisible();
  await page.keyboard.press("Escape");
  await logOut(page);
  await logIn(page);
  await expect(conversations).toBeVisible();
});
