import type { Conversation, Message } from "@hubbub/contract";
import type { RunningServer } from "@hubbub/run-server";
import { expect, type Locator, test } from "@playwright/test";
import { Account, logIn } from "./accounts.ts";
import { closeWindows, log, type Person, password, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;
let hub: Conversation;
let ida: Account;
let target: Message;

/** So many that the first is several pages from the newest. */
const lines = 420;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
  const [jon, kim] = await Promise.all(["jon", "kim"].map((name) => Account.create(server.url, name)));
  ida = await Account.create(server.url, "ida");
  if (jon === undefined || kim === undefined) throw new Error("nobody");
  hub = await ida.start("group", [jon], "Hub");
  for (let line = 1; line <= lines; line++) {
    const message = await ida.write(hub, `Line ${line}. ${"Some are longer than others. ".repeat(line % 7)}`);
    if (line === 40) target = message;
  }
  // kim sees what is written from then on
  await ida.api.call("addMembers", { conversationId: hub.id, userIds: [kim.user.id] });
  await ida.write(hub, "Welcome, Kim");
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const line = (person: Person, number: number): Locator =>
  log(person)
    .getByRole("article")
    .filter({ hasText: new RegExp(`Line ${number}\\.`) });
const pathTo = (seq: number): string => `${server.url}/c/${hub.id}/${seq}`;

test("a copied link leads to its message, deep in history; from there one reads both ways, up to the newest", async ({
  browser,
}) => {
  const jon = await logIn(server.url, "jon", browser, {
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const { page, complaints } = jon;
  const { seq } = target;
  await page.goto(pathTo(seq));
  await expect(line(jon, 40)).toBeInViewport();
  await expect(line(jon, 40)).toBeFocused();
  const middle = await line(jon, 40).boundingBox();
  expect(Math.abs((middle?.y ?? 0) + (middle?.height ?? 0) / 2 - 400)).toBeLessThan(120);
  // what was written meanwhile moves nothing, and what changes there is seen
  await ida.write(hub, "Far below");
  await ida.api.call("react", { messageId: target.id, emoji: "👍" });
  await expect(line(jon, 40).getByLabel("👍 1")).toBeVisible();
  await expect(log(jon).getByText("Far below")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();

  await line(jon, 41).hover();
  await line(jon, 41).getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Copy link" }).click();
  await expect(page.getByRole("menuitem", { name: "Copied" })).toBeVisible();
  await expect(page.getByRole("menu")).toHaveCount(0);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(pathTo(seq + 1));

  await log(jon).hover();
  await expect(async () => {
    await page.mouse.wheel(0, -1500);
    await expect(log(jon).getByText("This is where")).toBeInViewport({ timeout: 100 });
  }).toPass({ timeout: 20_000, intervals: [50] });
  await expect(async () => {
    await page.mouse.wheel(0, 1500);
    await expect(log(jon).getByText("Far below")).toBeInViewport({ timeout: 100 });
  }).toPass({ timeout: 30_000, intervals: [50] });
  await expect(page.getByRole("button", { name: "Jump to latest" })).toBeHidden();

  // back to the message, and from there to the newest by the button, by writing, and back again
  await page.goto(pathTo(seq));
  await expect(line(jon, 40)).toBeInViewport();
  await page.getByRole("button", { name: "Jump to latest" }).click();
  await expect(log(jon).getByText("Far below")).toBeInViewport();
  await expect(page).toHaveURL(`${server.url}/c/${hub.id}`);
  await page.goBack();
  await expect(line(jon, 40)).toBeInViewport();
  await write(jon, "Here I am");
  await expect(log(jon).getByText("Here I am")).toBeInViewport();
  expect(complaints.all).toEqual([]);
});

test("[L10] a message from before one's time, and one that was never written, are told of in the same words", async ({
  browser,
}) => {
  const kim = await logIn(server.url, "kim", browser);
  const { page, complaints } = kim;
  const words: (string | null)[] = [];
  for (const seq of [target.seq, 99_999]) {
    await page.goto(pathTo(seq));
    await expect(page.getByRole("alert")).toBeVisible();
    words.push(await page.getByRole("alert").textContent());
    await expect(log(kim).getByText("Welcome, Kim")).toBeInViewport();
    await expect(log(kim).getByText(/Line 40\./)).toHaveCount(0);
  }
  expect(words[0]).toContain("This message is not here");
  expect(words[0]).toBe(words[1]);
  expect(complaints.all).toEqual([]);
});

test("who is signed out comes to the message after the log-in", async ({ browser }) => {
  const page = await browser.newPage();
  await page.goto(pathTo(60));
  await page.getByLabel("Username or e-mail").fill("jon");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(pathTo(60));
  await expect(page.getByRole("log").locator("[data-target]")).toBeInViewport();
});
