import type { Conversation } from "@hubbub/contract";
import type { RunningServer } from "@hubbub/run-server";
import { expect, type Locator, test } from "@playwright/test";
import { Account, logIn } from "./accounts.ts";
import { png } from "./files.ts";
import { closeWindows, log, type Person } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;
let plans: Conversation;
let nora: Account;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  // more than a page of results
  server = await startServer(() => ({ HUBBUB_LIMITS: "off" }));
  nora = await Account.create(server.url, "nora");
  const otto = await Account.create(server.url, "otto");
  plans = await nora.start("group", [otto], "Summer plans");
  const direct = await nora.start("direct", [otto]);
  for (let n = 1; n <= 70; n++) await nora.write(plans, `Kayak trip number ${n}, bring a paddle`);
  await otto.write(plans, "A <img src=x onerror=alert(1)> kayak at https://boats.example.org");
  await otto.write(direct, "Only for you: the **kayak** is _green_");
  await otto.write(direct, `${"So much to say. ".repeat(60)}The kayaks leave at dawn. ${"And more. ".repeat(60)}`);
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const box = ({ page }: Person): Locator => page.getByRole("searchbox", { name: "Search messages" });
const hits = ({ page }: Person): Locator => page.getByRole("list", { name: "Found messages" }).getByRole("listitem");

test("messages are found with filters, typed or chosen, page by page, with their hits marked, and lead to their place", async ({
  browser,
}) => {
  const person = await logIn(server.url, "nora", browser, { viewport: { width: 1280, height: 800 } });
  const { page, complaints } = person;
  await page.getByRole("link", { name: "Search messages" }).click();
  await expect(box(person)).toBeFocused();
  await page.keyboard.type("kayak");
  await expect(hits(person)).toHaveCount(30);
  await expect(hits(person).first()).toContainText("… ");
  await expect(hits(person).first().locator("mark")).toHaveText(["kayak"]);
  await page.getByRole("button", { name: "More results" }).click();
  await expect(hits(person)).toHaveCount(60);
  await page.getByRole("button", { name: "More results" }).click();
  await expect(hits(person)).toHaveCount(73);
  await expect(page.getByRole("button", { name: "More results" })).toBeHidden();

  await box(person).fill('kayak from:otto in:"Summer plans"');
  await expect(hits(person)).toHaveCount(1);
  // what someone wrote is text, whatever it looks like
  await expect(hits(person)).toContainText("A <img src=x onerror=alert(1)> kayak");
  await expect(hits(person).locator("img")).toHaveCount(0);
  await page.getByRole("button", { name: /^Take away: In/ }).click();
  await expect(box(person)).toHaveValue("kayak from:otto");
  await expect(hits(person)).toHaveCount(3);
  await page.getByRole("button", { name: "Filters", exact: true }).click();
  await page.getByLabel("With", { exact: true }).selectOption("A link");
  await expect(hits(person)).toHaveCount(1);
  await page.getByLabel("With", { exact: true }).selectOption("Anything");
  await page.getByLabel("In", { exact: true }).selectOption("Otto");
  await expect(hits(person)).toHaveCount(2);
  await page.getByLabel("Before").fill("2020-01-01");
  await expect(page.getByText("Nothing was found")).toBeVisible();
  await expect(box(person)).toHaveValue("kayak from:otto in:Otto before:2020-01-01");

  await box(person).fill("kayak from:nobody.here");
  complaints.isOutage = true; // the refusal is a failed request to the browser
  await expect(page.getByRole("alert")).toContainText("Nobody is called @nobody.here.");
  await box(person).fill("number 3,");
  await expect(hits(person).first()).toContainText("Kayak trip number 3,");

  // by keys: into the results, to the message, and back to the results
  await box(person).press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Summer plans", level: 1 })).toBeVisible();
  await expect(log(person).getByText("Kayak trip number 3,")).toBeInViewport();
  await page.goBack();
  await expect(box(person)).toHaveValue(/^number 3, ?$/);
  await expect(hits(person).first()).toContainText("Kayak trip number 3,");
  expect(complaints.all).toEqual([]);
});

test("a file without a word is found by its name, and by what it is", async ({ browser }) => {
  const person = await logIn(server.url, "nora", browser, { viewport: { width: 1280, height: 800 } });
  const { page, complaints } = person;
  await page.getByRole("link", { name: /^Summer plans/ }).click();
  await page.locator("input[type=file]").setInputFiles([png("boathouse by the lake.png", 64, 40, [30, 90, 160])]);
  await page.getByRole("textbox", { name: /^Message to/ }).press("Enter");
  await expect(log(person).getByRole("button", { name: /^Open picture/ })).toBeVisible();

  await page.getByRole("link", { name: "Search messages" }).click();
  await box(person).fill("BOATHOUSE");
  await expect(hits(person)).toHaveText([/boathouse by the lake\.png/]);
  await box(person).fill("");
  await page.getByRole("button", { name: "Filters", exact: true }).click();
  await page.getByLabel("With", { exact: true }).selectOption("A picture");
  await expect(box(person)).toHaveValue("has:image");
  await expect(hits(person)).toHaveText([/boathouse by the lake\.png/]);
  await page.getByLabel("With", { exact: true }).selectOption("Another file");
  await expect(page.getByText("Nothing was found")).toBeVisible();
  expect(complaints.all).toEqual([]);
});

test("an answer that comes late does not take the place of a newer one, and a failure is told and tried again", async ({
  browser,
}) => {
  const person = await logIn(server.url, "otto", browser, { viewport: { width: 375, height: 720 } });
  const { page, complaints } = person;
  await page.getByRole("link", { name: "Search messages" }).click();
  let letThrough = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route(/search\?.*q=paddle/, async (route) => {
    await held;
    await route.continue();
  });
  const slow = page.waitForRequest(/q=paddle/);
  await box(person).fill("paddle");
  await slow;
  await box(person).fill("green");
  await expect(hits(person)).toHaveCount(1);
  const late = page.waitForResponse(/q=paddle/);
  letThrough();
  await late;
  await expect(hits(person)).toContainText("the kayak is green");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);

  complaints.isOutage = true;
  await page.route(/search\?.*q=dawn/, (route) => route.abort());
  await box(person).fill("dawn");
  await expect(page.getByRole("alert")).toBeVisible();
  await page.unroute(/search\?.*q=dawn/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(hits(person)).toHaveCount(1);

  // in one conversation, from its menu
  await page.getByRole("link", { name: "Back to conversations" }).click();
  await page.getByRole("link", { name: /^Summer plans/ }).click();
  await page.getByRole("button", { name: "Conversation options" }).click();
  await page.getByRole("menuitem", { name: "Search in it" }).click();
  await box(person).press("End");
  await box(person).pressSequentially("kayak");
  await expect(hits(person)).toHaveCount(30);
  await expect(hits(person).filter({ hasText: "Only for you" })).toHaveCount(0);
  expect(complaints.all).toEqual([]);
});
