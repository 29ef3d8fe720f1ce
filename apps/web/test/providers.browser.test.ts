import { createServer, type Server } from "node:http";
import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import Provider from "oidc-provider";
import { closeWindows, openWindow } from "./people.ts";
import { startServer } from "./server-fixture.ts";

const clientSecret = crypto.randomUUID();

let server: RunningServer;
let provider: Server;
let claims: Record<string, unknown>;

async function listen(listening: Server): Promise<string> {
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const address = listening.address();
  if (typeof address !== "object" || address === null) throw new Error("It does not listen");
  return `http://127.0.0.1:${address.port}`;
}

/** A certified provider with forms of its own, for a server at this address. */
function acme(issuer: string, url: string): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: "hubbub",
        client_secret: clientSecret,
        redirect_uris: [`${url}/api/v1/auth/oidc/acme/callback`],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "preferred_username"] },
    cookies: { keys: ["test"] },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...claims }) }),
  });
}

test.beforeAll(async () => {
  test.setTimeout(120_000);
  provider = createServer();
  const issuer = await listen(provider);
  server = await startServer((url) => ({
    HUBBUB_PUBLIC_URL: url,
    OIDC_PROVIDERS: "acme",
    OIDC_ACME_ISSUER: issuer,
    OIDC_ACME_CLIENT_ID: "hubbub",
    OIDC_ACME_CLIENT_SECRET: clientSecret,
    OIDC_ACME_NAME: "Acme",
  }));
  provider.on("request", acme(issuer, server.url).callback());
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(async () => {
  await server.stop();
  provider.closeAllConnections();
  provider.close();
});

test("one signs in by a provider's button, stays signed in after a reload, and is told in words what went wrong", async ({
  browser,
}) => {
  claims = { email: "nia@example.org", email_verified: true, name: "Nia N.", preferred_username: "nia" };
  const { page, complaints } = await openWindow(browser);
  await page.goto(`${server.url}/login`);
  await page.getByRole("button", { name: "Continue with Acme" }).click();
  await page.getByPlaceholder("Enter any login").fill("nia-at-acme");
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  const foreign = /ERR_NAME_NOT_RESOLVED|404/; // the provider's pages ask for fonts that are not here
  await expect(page.getByRole("navigation", { name: "Conversations" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("navigation", { name: "Conversations" })).toBeVisible();
  expect(complaints.all.filter((line) => !foreign.test(line))).toEqual([]);

  const stranger = await openWindow(browser, { colorScheme: "dark", viewport: { width: 375, height: 720 } });
  await stranger.page.goto(`${server.url}/api/v1/auth/oidc/acme/callback?code=x&state=y`);
  await expect(stranger.page.getByRole("alert")).toHaveText(/begun in another browser/);
  await expect(stranger.page.getByRole("button", { name: "Continue with Acme" })).toBeVisible();
  expect(new URL(stranger.page.url()).pathname).toBe("/login");
  expect(stranger.complaints.all).toEqual([]);
});
