import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { closeWindows, openSettings, openWindow, password, signUp } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer(() => ({ HUBBUB_REGISTRATION: "invite" }));
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

test("an admin makes a link, by which one more person signs up and no third", async ({ browser }) => {
  const admin = await signUp(browser, server.url, "admin");
  const settings = await openSettings(admin, "Invitations");
  const invitations = settings.getByRole("list", { name: "Invitations" }).getByRole("listitem");
  const newLink = async (count: number): Promise<string> => {
    await settings.getByRole("button", { name: "Create invitation" }).click();
    await expect(invitations).toHaveCount(count);
    return settings.getByRole("textbox", { name: "Link" }).inputValue();
  };
  const link = await newLink(1);

  const revoked = await newLink(2);
  await settings
    .getByRole("button", { name: /^Revoke/ })
    .first()
    .click();
  await expect(invitations).toHaveText([/Used 0 of 1/]);

  const { page } = await openWindow(browser);
  const signUpAt = async (address: string, username: string) => {
    await page.goto("about:blank");
    await page.goto(address);
    await page.getByLabel("Username").fill(username);
    await page.getByLabel("E-mail").fill(`${username}@example.org`);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Create account" }).click();
  };
  await signUpAt(`${server.url}/signup`, "bea");
  await expect(page.getByRole("alert")).toHaveText("New accounts need an invitation here.");
  await signUpAt(revoked, "bea");
  await expect(page.getByText("This invitation is no longer valid.")).toBeVisible();
  await expect(page.getByLabel("Invitation")).toBeFocused();
  await signUpAt(link, "bea");
  await expect(page.getByRole("navigation", { name: "Conversations" })).toBeVisible();
  await page.getByRole("button", { name: "Account and appearance" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await expect(page.getByRole("button", { name: "Signing in" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Invitations" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Account and appearance" }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await signUpAt(link, "cleo");
  await expect(page.getByText("This invitation is no longer valid.")).toBeVisible();
});
