import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { logIn } from "./accounts.ts";
import { closeWindows, openSettings, password, signUp, startDirect } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

test("a device that is signed out elsewhere is so within a second", async ({ browser }) => {
  const ada = await signUp(browser, server.url, "ada");
  const other = await logIn(server.url, "ada", browser);
  await expect(other.page.getByRole("navigation", { name: "Conversations" })).toBeVisible();

  const devices = await openSettings(ada, "Devices");
  await expect(devices.getByRole("listitem")).toHaveCount(2);
  await expect(devices.getByText("This device")).toHaveCount(1);
  other.complaints.isOutage = true; // the browser itself complains of the refusal that tells
  await devices.getByRole("button", { name: /^Sign out Chrome/ }).click();
  await expect(other.page.getByRole("button", { name: "Log in", exact: true })).toBeVisible({ timeout: 1_000 });
  await expect(devices.getByRole("listitem")).toHaveCount(1);
  await ada.page.keyboard.press("Escape");
  await expect(ada.page.getByRole("button", { name: "Account and appearance" })).toBeFocused();
  expect([...ada.complaints.all, ...other.complaints.all]).toEqual([]);
});

test("others see the name, the words and the status that one sets, as far as one lets them", async ({ browser }) => {
  const grace = await signUp(browser, server.url, "grace");
  const edith = await signUp(browser, server.url, "edith");
  await startDirect(edith, "grace");
  const header = edith.page.locator("header");
  await expect(header.getByText("Online")).toBeVisible();
  const status = await openSettings(grace, "Status");
  await status.getByText("Busy").click();
  await status.getByLabel("In a few words").fill("In a meeting");
  await status.getByLabel("For how long").selectOption("1 hour");
  await status.getByRole("button", { name: "Set status" }).click();
  await expect(header.getByText("Busy · In a meeting")).toBeVisible();
  await expect(status.getByText(/^The present one ends at /)).toBeVisible();

  const settings = grace.page.getByRole("dialog", { name: "Settings" });
  await settings.getByRole("button", { name: "Profile" }).click();
  await settings.getByLabel("Name").fill("Grace Hopper");
  await settings.getByLabel("About you").fill("Found a moth once.");
  await settings.getByRole("button", { name: "Save" }).click();
  await expect(settings.getByText("Saved.")).toBeVisible();
  await expect(edith.page.getByRole("link", { name: /Grace Hopper/ })).toBeVisible();

  await settings.getByRole("button", { name: "Privacy" }).click();
  await settings.getByLabel("Who sees whether I am there").selectOption("Nobody");
  await expect(header.getByText("Busy · In a meeting")).toHaveCount(0);
  expect([...grace.complaints.all, ...edith.complaints.all]).toEqual([]);
});

test("a wrong password changes nothing, the right one signs other devices out", async ({ browser }) => {
  const mary = await signUp(browser, server.url, "mary");
  const other = await logIn(server.url, "mary", browser);
  const conversations = other.page.getByRole("navigation", { name: "Conversations" });
  await expect(conversations).toBeVisible();
  other.complaints.isOutage = true; // the browser itself complains of the refusal that tells
  const settings = await openSettings(mary, "Password");
  mary.complaints.isOutage = true; // the browser itself complains of the refusal
  await settings.getByLabel("Present password").fill("not this one at all");
  await settings.getByLabel("New password").fill("another horse battery staple");
  await settings.getByRole("button", { name: "Change password" }).click();
  await expect(settings.getByText("This is not your password.")).toBeVisible();
  await expect(conversations).toBeVisible();
  await settings.getByLabel("Present password").fill(password);
  await settings.getByRole("button", { name: "Change password" }).click();
  await expect(settings.getByText("Changed. Your other devices are signed out.")).toBeVisible();
  await expect(other.page.getByRole("heading", { name: "Log in" })).toBeVisible();
  await expect(mary.page.getByRole("dialog", { name: "Settings" })).toBeVisible();
  await other.page.getByLabel("Username or e-mail").fill("mary");
  await other.page.getByLabel("Password", { exact: true }).fill(password);
  await other.page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(other.page.getByRole("alert")).toHaveText("The name or the password is wrong.");
  expect([...mary.complaints.all, ...other.complaints.all]).toEqual([]);
});
