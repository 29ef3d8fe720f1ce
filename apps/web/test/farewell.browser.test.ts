import { readFile } from "node:fs/promises";
import type { RunningServer } from "@hubbub/run-server";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { Account, logIn } from "./accounts.ts";
import { closeWindows, password, signUp, startDirect, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
  await Account.create(server.url, "ann"); // the first one here runs the server
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

async function openSettings(page: Page, section: string): Promise<Locator> {
  await page.getByRole("button", { name: "Account and appearance" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  const settings = page.getByRole("dialog", { name: "Settings" });
  await settings.getByRole("button", { name: section, exact: true }).click();
  return settings.getByRole("region", { name: section });
}

/** In the page: how much of any chat the browser still has. */
async function keptRecords(): Promise<number> {
  let count = 0;
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith("hubbub.") !== true) continue;
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await done(indexedDB.open(name));
    const stores = [...database.objectStoreNames];
    for (const store of stores) count += await done(database.transaction(store).objectStore(store).count());
    database.close();
  }
  return count;
}

test("one takes one's data along and deletes the account; who stays reads on and sees that nobody is there", async ({
  browser,
}) => {
  const ann = await logIn(server.url, "ann", browser);
  const ben = await signUp(browser, server.url, "ben");
  await startDirect(ben, "ann");
  await write(ben, "So long, and thanks");
  await ann.page.getByRole("link", { name: /Ben/ }).click();
  await expect(ann.page.getByText("So long, and thanks").first()).toBeVisible();

  const account = await openSettings(ben.page, "Account");
  const started = ben.page.waitForEvent("download");
  await account.getByRole("button", { name: "Download your data" }).click();
  const download = await started;
  expect(download.suggestedFilename()).toMatch(/^hubbub-\d{4}-\d\d-\d\d\.json$/);
  const data = JSON.parse(await readFile(await download.path(), "utf8"));
  expect(data.account).toMatchObject({ username: "ben", email: "ben@example.org" });
  expect(data.messages).toEqual([expect.objectContaining({ text: "So long, and thanks" })]);

  await account.getByRole("button", { name: "Delete account…" }).click();
  const farewell = account.getByRole("button", { name: "Delete my account" });
  await expect(farewell).toBeDisabled();
  await account.getByLabel("Your username, to be sure").fill("ann");
  await expect(farewell).toBeDisabled();
  await account.getByLabel("Your username, to be sure").fill("ben");
  ben.complaints.isOutage = true; // the browser itself complains of the refusals that tell of the session's end
  await farewell.click();
  await expect(ben.page.getByRole("button", { name: "Log in" })).toBeVisible();
  await expect.poll(() => ben.page.evaluate(keptRecords)).toBe(0);

  await expect(ann.page.getByRole("heading", { name: "Deleted account", level: 1 })).toBeVisible();
  await expect(ann.page.getByText("This account was deleted. What was written stays.")).toBeVisible();
  await expect(ann.page.getByRole("textbox", { name: /^Message to/ })).toHaveCount(0);
  await expect(ann.page.getByText("So long, and thanks").first()).toBeVisible();
  expect([...ann.complaints.all, ...ben.complaints.all]).toEqual([]);
});

test("an admin finds people, suspends one and lets them in again, and deletes another; nobody else sees the list", async ({
  browser,
}) => {
  const [cid, dan] = [await Account.create(server.url, "cid"), await Account.create(server.url, "dan")];
  const ann = await logIn(server.url, "ann", browser);
  const people = await openSettings(ann.page, "People here");
  const row = (username: string): Locator => people.getByRole("listitem").filter({ hasText: `@${username}` });
  await expect(row("ann")).toContainText("you · admin");
  await people.getByLabel("Name or e-mail address").fill("cid@");
  await people.getByRole("button", { name: "Search" }).click();
  await expect(people.getByRole("listitem")).toHaveCount(1);
  await row("cid").getByRole("button", { name: "Suspend…" }).click();
  const suspending = people.getByRole("form", { name: "Suspend @cid" });
  await suspending.getByLabel("How long").selectOption("For a week");
  await suspending.getByLabel("Reason").fill("Sold watches");
  await suspending.getByRole("button", { name: "Suspend" }).click();
  await expect(row("cid")).toContainText("suspended until");
  await expect(row("cid")).toContainText("Suspended for: Sold watches");
  const outside = await (await browser.newContext()).newPage();
  await outside.goto(server.url);
  await outside.getByLabel("Username or e-mail").fill("cid");
  await outside.getByLabel("Password", { exact: true }).fill(password);
  await outside.getByRole("button", { name: "Log in", exact: true }).click();
  const refusal = outside.getByRole("alert");
  await expect(refusal).toContainText("This account is suspended: Sold watches. Until ");
  await outside.context().close();
  await row("cid").getByRole("button", { name: "Let in again" }).click();
  await expect(row("cid")).not.toContainText("suspended");
  await cid.api.login({ login: "cid", password });

  await people.getByLabel("Name or e-mail address").fill("dan");
  await people.getByRole("button", { name: "Search" }).click();
  await row("dan").getByRole("button", { name: "Delete…" }).click();
  await row("dan").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(people.getByText("Nobody has such a name or address.")).toBeVisible();
  await expect(dan.api.call("getOwnUser", {})).rejects.toThrow();
  await ann.page.getByRole("button", { name: "Audit log" }).click();
  const entries = ann.page.getByRole("list", { name: "What admins did" }).getByRole("listitem");
  for (const [place, text] of ["Ann deleted an account", "Ann let @cid in again", "Ann suspended @cid"].entries())
    await expect(entries.nth(place)).toContainText(text);
  await ann.page.keyboard.press("Escape");

  const other = await logIn(server.url, "cid", browser);
  await openSettings(other.page, "Account");
  await expect(other.page.getByRole("button", { name: "People here" })).toHaveCount(0);
  await expect(other.page.getByRole("button", { name: "Audit log" })).toHaveCount(0);
  expect([...ann.complaints.all, ...other.complaints.all]).toEqual([]);
});
