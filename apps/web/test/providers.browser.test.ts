import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { closeWindows, openWindow } from "./people.ts";
import { startServer } from "./server-fixture.ts";
import { ofTheProvider, signInThere, TestProvider } from "./test-provider.ts";

let server: RunningServer;
let provider: TestProvider;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  provider = await TestProvider.start();
  server = await startServer((url) => provider.settingsFor(url));
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(async () => {
  await server.stop();
  provider.stop();
});

test("one signs in by a provider's button, stays signed in after a reload, and is told in words what went wrong", async ({
  browser,
}) => {
  provider.claims = { email: "nia@example.org", email_verified: true, name: "Nia N.", preferred_username: "nia" };
  const { page, complaints } = await openWindow(browser);
  await page.goto(`${server.url}/login`);
  await page.getByRole("button", { name: "Continue with Acme" }).click();
  await signInThere(page, "nia-at-acme");
  await expect(page.getByRole("navigation", { name: "Conversations" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("navigation", { name: "Conversations" })).toBeVisible();
  expect(complaints.all.filter((line) => !ofTheProvider.test(line))).toEqual([]);

  const stranger = await openWindow(browser, { colorScheme: "dark", viewport: { width: 375, height: 720 } });
  await stranger.page.goto(`${server.url}/api/v1/auth/oidc/acme/callback?code=x&state=y`);
  await expect(stranger.page.getByRole("alert")).toHaveText(/begun in another browser/);
  await expect(stranger.page.getByRole("button", { name: "Continue with Acme" })).toBeVisible();
  expect(new URL(stranger.page.url()).pathname).toBe("/login");
  expect(stranger.complaints.all).toEqual([]);
});
