import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { closeWindows, logOut, openSettings, openWindow, signUp, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";
import { ofTheProvider, signInThere, TestProvider } from "./test-provider.ts";
import { giveAuthenticator } from "./virtual-authenticator.ts";

let server: RunningServer;
let provider: TestProvider;
/** Browsers have no passkeys for addresses of digits. */
const named = (url: string): string => url.replace("127.0.0.1", "localhost");

test.beforeAll(async () => {
  test.setTimeout(120_000);
  provider = await TestProvider.start();
  server = await startServer((url) => provider.settingsFor(named(url)));
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(async () => {
  await server.stop();
  provider.stop();
});

test("two become friends, see each other there, block and unblock", async ({ browser }) => {
  const url = named(server.url);
  const ada = await signUp(browser, url, "ada");
  const grace = await signUp(browser, url, "grace");
  await ada.page.getByRole("link", { name: /^People/ }).click();
  await ada.page.getByRole("navigation", { name: "People" }).getByRole("link", { name: "Add a friend" }).click();
  await ada.page.getByLabel("Username, e-mail or name").fill("@grace");
  await ada.page.getByRole("button", { name: "Send request" }).click();
  await grace.page.getByRole("link", { name: "People 1 request waits" }).click();
  await grace.page.getByRole("button", { name: "Accept Ada" }).click();
  await ada.page.getByRole("navigation", { name: "People" }).getByRole("link", { name: "Friends" }).click();
  const friend = ada.page.getByRole("list", { name: "Friends" }).getByRole("listitem");
  await expect(friend.getByRole("img", { name: "online" })).toBeVisible();

  await ada.page.getByRole("button", { name: "Message Grace" }).click();
  await expect(ada.page.getByRole("heading", { name: "Grace", level: 1 })).toBeVisible();
  await write(ada, "Hello Grace");
  const presence = ada.page.locator("header").getByText("Online");
  await expect(presence).toBeVisible();
  await grace.page.getByRole("link", { name: /Ada/ }).click();
  await grace.page.getByRole("button", { name: "Who is Ada?" }).press("Enter");
  const card = grace.page.getByRole("dialog", { name: "Ada" });
  await card.getByRole("button", { name: "Block" }).click();
  await card.getByRole("button", { name: "Block", exact: true }).click();
  await expect(card.getByText("You blocked Ada.")).toBeVisible();
  await expect(presence).toHaveCount(0);
  await card.getByRole("button", { name: "Unblock" }).click();
  await expect(presence).toBeVisible();
  expect([...ada.complaints.all, ...grace.complaints.all]).toEqual([]);
});

test("one logs in by a passkey and, linked to it, by a provider, and ends the session of the other window", async ({
  browser,
}) => {
  const url = named(server.url);
  provider.claims = { email: "ida@acme.example", email_verified: true };
  const ida = await signUp(browser, url, "ida");
  await giveAuthenticator(ida);
  const settings = await openSettings(ida, "Signing in");
  await settings.getByRole("button", { name: "Add a passkey" }).click();
  await expect(settings.getByRole("list", { name: "Passkeys" }).getByRole("listitem")).toHaveCount(1);
  await settings.getByRole("button", { name: "Link Acme" }).click();
  await signInThere(ida.page, "ida-at-acme");
  await expect(settings.getByText("Acme is linked now.")).toBeVisible();
  await expect(settings.getByRole("list", { name: "Linked accounts" })).toContainText("ida@acme.example");
  expect(new URL(ida.page.url()).search).toBe("");
  await ida.page.keyboard.press("Escape");
  await logOut(ida);
  await ida.page.getByRole("button", { name: "Log in with a passkey" }).click();
  const conversations = { name: "Conversations" };
  await expect(ida.page.getByRole("navigation", conversations)).toBeVisible();

  const other = await openWindow(browser);
  await other.page.goto(`${url}/login`);
  await other.page.getByRole("button", { name: "Continue with Acme" }).click();
  await signInThere(other.page, "ida-at-acme");
  await expect(other.page.getByRole("navigation", conversations)).toBeVisible();
  await expect(other.page.getByRole("button", { name: "Account and appearance" })).toHaveAttribute("title", "Ida");

  const devices = await openSettings(ida, "Devices");
  await expect(devices.getByRole("listitem")).toHaveCount(2);
  other.complaints.isOutage = true; // the browser itself complains of the refusal that tells
  await devices.getByRole("button", { name: /^Sign out / }).click();
  await expect(other.page.getByRole("heading", { name: "Log in" })).toBeVisible({ timeout: 1_000 });
  await expect(devices.getByRole("listitem")).toHaveCount(1);
  await ida.page.keyboard.press("Escape");

  await openSettings(ida, "Signing in");
  await settings.getByRole("button", { name: "Unlink Acme" }).click();
  await expect(settings.getByRole("button", { name: "Link Acme" })).toBeVisible();
  const complaints = [...ida.complaints.all, ...other.complaints.all];
  expect(complaints.filter((line) => !ofTheProvider.test(line))).toEqual([]);
});
