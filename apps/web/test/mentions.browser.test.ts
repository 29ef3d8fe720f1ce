import type { RunningServer } from "@hubbub/run-server";
import { expect, type Locator, test } from "@playwright/test";
import { closeWindows, log, openWindow, type Person, password, signUp, startDirect } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const box = ({ page }: Person): Locator => page.getByRole("textbox", { name: /^Message to/ });

async function startGroup({ page }: Person, title: string, usernames: readonly string[]): Promise<void> {
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByText("Group", { exact: true }).click();
  await page.getByLabel("Title").fill(title);
  for (const username of usernames) {
    await page.getByLabel("People").fill(username);
    await page.getByRole("button", { name: new RegExp(`@${username}$`) }).click();
  }
  await page.getByRole("button", { name: "Create group" }).click();
  await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
}

test("[L23] members are offered after an @ and picked by keys; who is called sees it in the list and in the text", async ({
  browser,
}) => {
  const kai = await signUp(browser, server.url, "kai");
  const lea = await signUp(browser, server.url, "lea");
  await signUp(browser, server.url, "leo");
  await signUp(browser, server.url, "outsider");
  await startGroup(kai, "Garden", ["lea", "leo"]);
  const { page } = kai;
  const options = page.getByRole("listbox", { name: "People to mention" }).getByRole("option");
  await box(kai).pressSequentially("Hello @");
  await expect(options).toHaveText([/Lea/, /Leo/, /Everyone/]);
  await box(kai).pressSequentially("le");
  await expect(options).toHaveText([/Lea/, /Leo/]);
  await box(kai).press("ArrowDown");
  await expect(options.nth(1)).toHaveAttribute("aria-selected", "true");
  const second = (await options.nth(1).getAttribute("id")) ?? "none";
  await expect(box(kai)).toHaveAttribute("aria-activedescendant", second);
  await box(kai).press("ArrowUp");
  await box(kai).press("Enter");
  await expect(box(kai)).toHaveValue("Hello @lea ");
  await expect(options).toHaveCount(0);
  await box(kai).pressSequentially("and @outsider, `@leo`");
  await expect(options).toHaveCount(0);
  await box(kai).press("Enter");

  const item = lea.page.getByRole("link", { name: /Garden/ });
  await expect(item.getByText("1 mention")).toBeAttached();
  await item.click();
  const mark = log(lea).getByText("@lea", { exact: true });
  await expect(mark).toHaveClass(/bg-notice-wash/);
  await expect(log(kai).getByText("@lea", { exact: true })).toHaveClass(/bg-accent-wash/);
  await expect(log(lea).locator("p span", { hasText: /^@/ })).toHaveText(["@lea"]);
  await expect(item.getByText("1 mention")).toHaveCount(0);

  // an edit that calls nobody any more
  await box(kai).press("ArrowUp");
  await box(kai).fill("Hello lea");
  await box(kai).press("Enter");
  await expect(log(lea).getByText("Hello lea")).toBeVisible();
  await expect(mark).toHaveCount(0);
  expect([...kai.complaints.all, ...lea.complaints.all]).toEqual([]);
});

test("a draft follows to another device, not over what is being typed there, and goes with the message", async ({
  browser,
}) => {
  const mia = await signUp(browser, server.url, "mia");
  await startDirect(mia, "mia", "Notes to yourself");
  const phone = await openWindow(browser, { viewport: { width: 375, height: 700 } });
  await phone.page.goto(`${server.url}/login`);
  await phone.page.getByLabel("Username or e-mail").fill("mia");
  await phone.page.getByLabel("Password", { exact: true }).fill(password);
  await phone.page.getByRole("button", { name: "Log in" }).click();
  const item = phone.page.getByRole("link", { name: /Notes to yourself/ });
  await box(mia).fill("Begun at the desk");
  await expect(item).toContainText("Draft: Begun at the desk");
  await item.click();
  await expect(box(phone)).toHaveValue("Begun at the desk");
  await box(phone).fill("Begun at the desk, ended on the way");
  await expect(box(mia)).toHaveValue("Begun at the desk, ended on the way");
  await phone.page.keyboard.press("Enter");
  await expect(log(mia).getByText("ended on the way")).toBeVisible();
  await expect(box(mia)).toHaveValue("");

  await box(mia).fill("At the desk");
  await box(phone).pressSequentially("On the phone");
  await phone.page.waitForResponse(/settings/);
  await expect(box(phone)).toHaveValue("On the phone");
  expect([...mia.complaints.all, ...phone.complaints.all]).toEqual([]);
});
