import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { Account, logIn } from "./accounts.ts";
import { closeWindows } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
  const pia = await Account.create(server.url, "pia");
  const quinn = await Account.create(server.url, "quinn");
  await Account.create(server.url, "rosalind");
  await pia.start("direct", [quinn]);
  await pia.start("group", [quinn], "Garden party");
  const input = { type: "channel", title: "Rowing club", visibility: "public" } as const;
  await quinn.api.call("createConversation", input);
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

test("by keys alone one goes to conversations, people and channels, acts, and searches", async ({ browser }) => {
  const { page, complaints } = await logIn(server.url, "pia", browser, { viewport: { width: 1280, height: 800 } });
  const box = page.getByRole("combobox", { name: /^Conversation, person/ });
  const options = page.getByRole("listbox", { name: "Where to go" }).getByRole("option");
  const title = (name: string) => page.getByRole("heading", { name, level: 1 });
  await page.keyboard.press("Control+k");
  await expect(box).toBeFocused();
  await expect(options.first()).toContainText("Garden party");
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await expect(options.nth(1)).toHaveAttribute("aria-selected", "true");
  const described = await box.getAttribute("aria-activedescendant");
  expect(await options.nth(1).getAttribute("id")).toBe(described);
  await page.keyboard.press("Enter");
  await expect(title("Quinn")).toBeVisible();

  // letters in their order are enough
  await page.keyboard.press("Control+k");
  await page.keyboard.type("grpty");
  await expect(options.first()).toContainText("Garden party");
  await page.keyboard.press("Enter");
  await expect(title("Garden party")).toBeVisible();
  await expect(page.getByRole("textbox", { name: /^Message to/ })).toBeFocused();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("rosal");
  await expect(options.first()).toContainText("@rosalind");
  await page.keyboard.press("Enter");
  await expect(title("Rosalind")).toBeVisible();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("rowing");
  await expect(options.first()).toContainText("Rowing club");
  await page.keyboard.press("Enter");
  await expect(title("Rowing club")).toBeVisible();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("sett");
  await expect(options.first()).toContainText("Settings");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Settings" })).toBeVisible();
  await page.keyboard.press("Escape");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("something said");
  await expect(options.last()).toContainText("Search messages for “something said”");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("searchbox", { name: "Search messages" })).toHaveValue(/^something said/);
  await expect(page.getByRole("searchbox", { name: "Search messages" })).toBeFocused();

  await page.keyboard.press("Control+k");
  await page.keyboard.press("Escape");
  await expect(box).toBeHidden();
  await expect(page.getByRole("searchbox", { name: "Search messages" })).toBeFocused();
  expect(complaints.all).toEqual([]);
});
