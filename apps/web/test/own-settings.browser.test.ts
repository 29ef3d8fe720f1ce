import type { RunningServer } from "@hubbub/run-server";
import { expect, type Locator, test } from "@playwright/test";
import { closeWindows, type Person, signUp, startDirect, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const list = ({ page }: Person): Locator => page.getByRole("navigation", { name: "Conversations" });
const link = (person: Person, name: RegExp): Locator => list(person).getByRole("link", { name });

test("a conversation is pinned, muted, archived and hidden for oneself alone, and another window of one's own follows", async ({
  browser,
}) => {
  const una = await signUp(browser, server.url, "una");
  const vic = await signUp(browser, server.url, "vic");
  const wes = await signUp(browser, server.url, "wes");
  await startDirect(vic, "una");
  await write(vic, "Hello from Vic");
  await startDirect(wes, "una");
  await write(wes, "Hello from Wes");
  await expect(link(una, /Wes.*1 unread/)).toBeVisible();
  const second = await una.page.context().newPage();
  await second.goto(server.url);
  const other: Person = { page: second, complaints: una.complaints };
  const order = async () =>
    (await list(other).locator("ul > li > a").allInnerTexts()).map((text) => /Vic|Wes/.exec(text)?.[0]);
  await expect.poll(order).toEqual(["Wes", "Vic"]);

  const choose = async (name: RegExp, ...items: string[]): Promise<void> => {
    await link(una, name).click({ button: "right" });
    for (const item of items) await una.page.getByRole("menuitem", { name: item }).click();
    await expect(una.page.getByRole("menu")).toHaveCount(0);
  };
  await choose(/Vic/, "Pin to the top");
  await expect(link(other, /Vic/).getByLabel("Pinned")).toBeVisible();
  await expect.poll(order).toEqual(["Vic", "Wes"]);

  // by keys alone, and the focus comes back
  await expect(second).toHaveTitle("(2) Hubbub");
  await link(una, /Wes/).focus();
  await una.page.keyboard.press("Shift+F10");
  await una.page.getByRole("menuitem", { name: "Mute" }).press("ArrowRight");
  await una.page.getByRole("menuitem", { name: "For 8 hours" }).press("Enter");
  await expect(link(una, /Wes/).getByLabel("Muted")).toBeVisible();
  await expect(link(una, /Wes/)).toBeFocused();
  await expect(second).toHaveTitle("(1) Hubbub");
  await expect(link(other, /Wes.*1 unread/)).toBeVisible();
  await choose(/Wes/, "Unmute");
  await expect(second).toHaveTitle("(2) Hubbub");

  await link(una, /Vic/).click();
  await una.page.getByRole("button", { name: "Conversation options" }).click();
  await una.page.getByRole("menuitem", { name: "Notify me of" }).click();
  await una.page.getByRole("menuitemradio", { name: "Mentions only" }).click();
  await una.page.getByRole("button", { name: "Conversation options" }).click();
  await una.page.getByRole("menuitem", { name: "Notify me of" }).click();
  await expect(una.page.getByRole("menuitemradio", { name: "Mentions only" })).toBeChecked();
  await una.page.keyboard.press("Escape");
  await una.page.keyboard.press("Escape");

  await choose(/Wes/, "Archive");
  await expect(link(other, /Wes/)).toBeHidden();
  await write(wes, "Are you there?");
  await list(other).getByRole("button", { name: "Archived" }).click();
  await expect(link(other, /Wes.*Are you there/)).toBeVisible();
  await list(una).getByRole("button", { name: "Archived" }).click();
  await choose(/Wes/, "Take out of the archive");
  await expect(list(other).getByRole("button", { name: "Archived" })).toBeHidden();
  await expect(link(other, /Wes.*2 unread/)).toBeVisible();

  await choose(/Wes/, "Hide until the next message");
  await expect(link(other, /Wes/)).toBeHidden();
  await write(wes, "Found you");
  await expect(link(other, /Wes.*Found you/)).toBeVisible();
  for (const { complaints } of [una, vic, wes]) expect(complaints.all).toEqual([]);
});
