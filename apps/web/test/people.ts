import { type Browser, type BrowserContextOptions, expect, type Locator, type Page } from "@playwright/test";

export const password = "correct horse battery staple";

/** Milliseconds until the chat is there for who comes in: the first time it is loaded whole, and a busy machine is slow. */
export const entryPatience = 60_000;

/** What a window complained about; what the network says while the server is gone is no complaint. */
export interface Complaints {
  readonly all: string[];
  isOutage: boolean;
}

export interface Person {
  readonly page: Page;
  readonly complaints: Complaints;
}

/** Opens a window of its own, and hears whatever goes wrong in it. */
export async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: Complaints = { all: [], isOutage: false };
  page.on("pageerror", ({ message }) => complaints.all.push(message));
  page.on("console", (line) => {
    const isNetwork = /Failed to load resource|WebSocket connection/.test(line.text());
    if (line.type() === "error" && !(isNetwork && complaints.isOutage)) complaints.all.push(line.text());
  });
  return { page, complaints };
}

/** The windows of a test do not outlive it. */
export async function closeWindows(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}

/** Signs up in a window of its own. */
export async function signUp(
  browser: Browser,
  url: string,
  username: string,
  options?: BrowserContextOptions,
): Promise<Person> {
  const person = await openWindow(browser, options);
  const { page } = person;
  await page.goto(`${url}/signup`);
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Name", { exact: true }).fill(nameOf(username));
  await page.getByLabel("E-mail").fill(`${username}@example.org`);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("navigation", { name: "Conversations" })).toBeVisible({ timeout: entryPatience });
  return person;
}

/** "ann" is Ann. */
export function nameOf(username: string): string {
  return username.charAt(0).toUpperCase() + username.slice(1);
}

export async function startDirect({ page }: Person, username: string, title = nameOf(username)): Promise<void> {
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByLabel("People").fill(username);
  await page.getByRole("button", { name: new RegExp(`@${username}$`) }).click();
  await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
}

export function log({ page }: Person): Locator {
  return page.getByRole("log", { name: "Messages" });
}

export async function write({ page }: Person, text: string): Promise<void> {
  await page.getByRole("textbox", { name: /^Message to/ }).fill(text);
  await page.keyboard.press("Enter");
}

/** The texts of all messages in the page, in order. */
export function texts(person: Person): Promise<string[]> {
  return log(person).locator("article p[dir=auto]").allInnerTexts();
}

/** Opens a part of the settings. */
export async function openSettings({ page }: Person, section: string): Promise<Locator> {
  await page.getByRole("button", { name: "Account and appearance" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  const settings = page.getByRole("dialog", { name: "Settings" });
  await settings.getByRole("button", { name: section, exact: true }).click();
  return settings.getByRole("region", { name: section });
}

export async function logOut({ page }: Person): Promise<void> {
  await page.getByRole("button", { name: "Account and appearance" }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
}
