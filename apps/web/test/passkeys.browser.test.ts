import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { closeWindows, logOut, openSettings, openWindow, signUp } from "./people.ts";
import { startServer } from "./server-fixture.ts";
import { giveAuthenticator } from "./virtual-authenticator.ts";

let server: RunningServer;
/** Browsers have no passkeys for addresses of digits. */
let url: string;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
  url = server.url.replace("127.0.0.1", "localhost");
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

test("one makes a passkey, logs in by it without typing anything, and renames and removes it", async ({ browser }) => {
  const ida = await signUp(browser, url, "ida");
  const { page } = ida;
  const setFinger = await giveAuthenticator(ida);
  const settings = await openSettings(ida, "Signing in");
  await settings.getByRole("button", { name: "Add a passkey" }).click();
  const passkeys = settings.getByRole("list", { name: "Passkeys" }).getByRole("listitem");
  await expect(passkeys).toHaveText([/Chrome on Linux.*Added/]);
  await settings.getByRole("button", { name: "Add a passkey" }).click();
  await expect(settings.getByRole("alert")).toHaveText("This device has a passkey for your account already.");
  await page.keyboard.press("Escape");
  await logOut(ida);

  await setFinger(false);
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  await expect(page.getByRole("alert")).toHaveText("No passkey was used. It was cancelled, or took too long.");
  await setFinger(true);
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  await expect(page.getByRole("navigation", { name: "Conversations" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Account and appearance" })).toHaveAttribute("title", "Ida");

  await openSettings(ida, "Signing in");
  await expect(passkeys).toHaveText([/Used/]);
  await settings.getByRole("button", { name: "Rename Chrome on Linux" }).click();
  await settings.getByLabel("Name of the passkey").fill("My laptop");
  await settings.getByRole("button", { name: "Save" }).click();
  await expect(passkeys).toHaveText([/My laptop/]);
  await settings.getByRole("button", { name: "Remove My laptop" }).click();
  await expect(passkeys).toHaveCount(0);
  await page.keyboard.press("Escape");
  await logOut(ida);
  ida.complaints.isOutage = true; // the browser itself complains of the refusal that follows
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  await expect(page.getByRole("alert")).toHaveText("This passkey is not known here. Log in in another way.");
  expect(ida.complaints.all).toEqual([]);
});

test("at an address of digits, which has no passkeys, none are offered", async ({ browser }) => {
  const { page } = await openWindow(browser);
  await page.goto(`${server.url}/login`);
  await expect(page.getByRole("button", { name: "Log in", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Log in with a passkey" })).toHaveCount(0);
});
