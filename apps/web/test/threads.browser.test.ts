import type { RunningServer } from "@hubbub/run-server";
import { expect, type Locator, test } from "@playwright/test";
import { closeWindows, log, type Person, signUp, startDirect, texts, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const thread = ({ page }: Person): Locator => page.getByRole("complementary", { name: "Thread" });
const replyLog = ({ page }: Person): Locator => page.getByRole("log", { name: "Replies" });
const replies = (person: Person): Promise<string[]> => replyLog(person).locator("article p[dir=auto]").allInnerTexts();

async function reply(person: Person, text: string): Promise<void> {
  await thread(person).getByRole("textbox", { name: "Reply in thread" }).fill(text);
  await person.page.keyboard.press("Enter");
}

test("[L15] a thread opens beside its conversation, lives in both windows, and has an address", async ({ browser }) => {
  const hal = await signUp(browser, server.url, "hal");
  const ida = await signUp(browser, server.url, "ida");
  await startDirect(hal, "ida");
  await write(hal, "Who brings **cake**?");
  await ida.page.getByRole("link", { name: /Hal/ }).click();

  await log(ida).getByRole("article").hover();
  await ida.page.getByRole("button", { name: "Reply in thread" }).click();
  const box = thread(ida).getByRole("textbox", { name: "Reply in thread" });
  await expect(box).toBeFocused();
  await reply(ida, "I do");
  await reply(ida, "With plums");

  await log(hal)
    .getByRole("button", { name: /2 replies/ })
    .click();
  await expect(replyLog(hal).getByText("With plums")).toBeVisible();
  await reply(hal, "Lovely");
  await expect(replyLog(ida).getByText("Lovely")).toBeVisible();
  expect(await replies(ida)).toEqual(["Who brings cake?", "I do", "With plums", "Lovely"]);
  expect(await texts(ida)).toEqual(["Who brings cake?"]);
  await expect(ida.page.getByRole("link", { name: /Hal/ })).toContainText("cake");

  // a reply is edited in its thread, and Escape ends that before it ends the thread
  await box.press("ArrowUp");
  await expect(box).toHaveValue("With plums");
  await box.press("Escape");
  await expect(box).toHaveValue("");
  await expect(thread(ida)).toBeVisible();
  await box.press("ArrowUp");
  await box.fill("With apples");
  await box.press("Enter");
  await expect(replyLog(hal).getByText("With apples")).toBeVisible();

  await ida.page.reload();
  await expect(replyLog(ida).getByText("Lovely")).toBeVisible();
  expect(await replies(ida)).toEqual(["Who brings cake?", "I do", "With apples", "Lovely"]);
  await box.press("Escape");
  await expect(thread(ida)).toHaveCount(0);
  await expect(log(ida).getByRole("article")).toBeFocused();
  expect([...hal.complaints.all, ...ida.complaints.all]).toEqual([]);
});

test("[L15] on a narrow screen a thread fills it, and the way back works; a link to a reply opens its thread", async ({
  browser,
}) => {
  const jan = await signUp(browser, server.url, "jan", { viewport: { width: 375, height: 700 } });
  const { page } = jan;
  await startDirect(jan, "jan", "Notes to yourself");
  await write(jan, "Plan");
  await log(jan).getByRole("article").focus();
  await page.getByRole("button", { name: "Reply in thread" }).press("Enter");
  await reply(jan, "Step one");
  await expect(replyLog(jan).getByText("Step one")).toBeVisible();
  await expect.poll(() => thread(jan).boundingBox()).toEqual({ x: 0, y: 0, width: 375, height: 700 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  await page.goBack();
  await expect(thread(jan)).toHaveCount(0);
  await expect(log(jan).getByRole("button", { name: /1 reply/ })).toBeVisible();

  await page.goto(`${page.url()}/2`);
  await expect(replyLog(jan).getByText("Step one")).toBeVisible();
  await thread(jan).getByRole("button", { name: "Close thread" }).click();
  await expect(log(jan).getByText("Plan")).toBeVisible();
  await expect(thread(jan)).toHaveCount(0);
  expect(jan.complaints.all).toEqual([]);
});
