import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { linkOf, MailServer } from "../../server/src/testing/mail-server.ts";
import { closeWindows, openWindow, password, signUp } from "./people.ts";
import { startServer } from "./server-fixture.ts";

const newPassword = "another horse battery staple";

let server: RunningServer;
const mails = new MailServer();

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const smtpUrl = await mails.start();
  server = await startServer((url) => ({ HUBBUB_PUBLIC_URL: url, SMTP_URL: smtpUrl }));
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(async () => {
  await server.stop();
  await mails.stop();
});

test("a forgotten password is replaced by way of a mail, and the address of the account is confirmed by another", async ({
  browser,
}) => {
  test.setTimeout(90_000);
  const ann = await signUp(browser, server.url, "ann");
  await ann.page.goto(linkOf(await mails.newest("ann@example.org")).url);
  await expect(ann.page).toHaveURL(`${server.url}/verify-email`); // the secret does not stay in the address
  await ann.page.getByRole("button", { name: "Confirm my address" }).click();
  await expect(ann.page.getByRole("heading", { name: "Your address is confirmed" })).toBeVisible();

  const { page, complaints } = await openWindow(browser, {
    colorScheme: "dark",
    viewport: { width: 375, height: 720 },
  });
  await page.goto(`${server.url}/login`);
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("E-mail").fill("ann@example.org");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("status")).toContainText("If ann@example.org has an account");
  const { url } = linkOf(await mails.newest("ann@example.org", 2));
  await page.goto(url);
  await expect(page).toHaveURL(`${server.url}/reset-password`);
  complaints.isOutage = true; // a refusal is a failed request to the browser's console
  await page.getByLabel("New password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByText("Must have at least 12 characters.")).toBeVisible();
  await page.getByLabel("New password", { exact: true }).fill(newPassword);
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByRole("heading", { name: "Your password is set" })).toBeVisible();

  await page.getByRole("link", { name: "Log in" }).click();
  const logIn = async (secret: string) => {
    await page.getByLabel("Username or e-mail").fill("ann");
    await page.getByLabel("Password", { exact: true }).fill(secret);
    await page.getByRole("button", { name: "Log in" }).click();
  };
  await logIn(password);
  await expect(page.getByRole("alert")).toBeVisible();
  await logIn(newPassword);
  await expect(page.getByRole("navigation", { name: "Conversations" })).toBeVisible();

  await page.goto(url);
  await page.getByLabel("New password", { exact: true }).fill(newPassword);
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByRole("alert")).toContainText("This link has been used");
  expect(complaints.all).toEqual([]);
  expect(ann.complaints.all.filter((line) => !line.includes("401"))).toEqual([]);
});
