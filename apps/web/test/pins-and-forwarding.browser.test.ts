import type { Conversation } from "@hubbub/contract";
import type { RunningServer } from "@hubbub/run-server";
import { expect, type Locator, test } from "@playwright/test";
import { Account, logIn } from "./accounts.ts";
import { closeWindows, log, type Person } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;
let club: Conversation;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer(() => ({ HUBBUB_LIMITS: "off" }));
  const sam = await Account.create(server.url, "sam");
  const tia = await Account.create(server.url, "tia");
  await Account.create(server.url, "ulla");
  club = await sam.start("group", [tia], "Club");
  await sam.write(club, "The boats are **red**");
  for (let line = 1; line <= 150; line++) await sam.write(club, `Line ${line}`);
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

async function choose({ page }: Person, article: Locator, item: string): Promise<void> {
  await article.hover();
  await article.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

const message = (person: Person, text: string): Locator => log(person).getByRole("article").filter({ hasText: text });
const pins = ({ page }: Person): Locator => page.getByRole("region", { name: "Pinned messages" });

test("an admin pins for everyone, others see it at once, come to it from the list, and cannot unpin", async ({
  browser,
}) => {
  const viewport = { width: 1280, height: 800 };
  const sam = await logIn(server.url, "sam", browser, { viewport });
  const tia = await logIn(server.url, "tia", browser, { viewport });
  await tia.page.goto(`${server.url}/c/${club.id}`);
  await tia.page.getByRole("button", { name: "Details", exact: true }).click();
  await expect(pins(tia)).toContainText("Nothing is pinned here.");

  await sam.page.goto(`${server.url}/c/${club.id}/2`);
  await choose(sam, message(sam, "The boats are red"), "Pin for everyone");
  await expect(message(sam, "The boats are red").getByLabel("Pinned")).toBeVisible();
  await expect(pins(tia)).toContainText("The boats are red");
  await expect(pins(tia).getByRole("button", { name: "Unpin" })).toHaveCount(0);
  await pins(tia).getByRole("link").click();
  await expect(message(tia, "The boats are red")).toBeInViewport();
  await message(tia, "Line 1").first().hover();
  await message(tia, "Line 1").first().getByRole("button", { name: "More actions" }).click();
  await expect(tia.page.getByRole("menuitem", { name: "Copy text" })).toBeVisible();
  await expect(tia.page.getByRole("menuitem", { name: "Pin for everyone" })).toHaveCount(0);
  await tia.page.keyboard.press("Escape");

  await sam.page.getByRole("button", { name: "Details", exact: true }).click();
  await pins(sam).getByRole("button", { name: "Unpin" }).click();
  for (const person of [sam, tia]) {
    await expect(pins(person)).toContainText("Nothing is pinned here.");
    expect(person.complaints.all).toEqual([]);
  }
});

test("a message is forwarded to a conversation and to someone new, and tells whose words it has", async ({
  browser,
}) => {
  const tia = await logIn(server.url, "tia", browser, { viewport: { width: 1280, height: 800 } });
  const ulla = await logIn(server.url, "ulla", browser, { viewport: { width: 375, height: 720 } });
  const { page } = tia;
  await page.goto(`${server.url}/c/${club.id}/2`);
  await choose(tia, message(tia, "The boats are red"), "Forward…");
  const dialog = page.getByRole("dialog", { name: "Forward to" });
  await expect(dialog).toContainText("The boats are red");
  await dialog.getByRole("button", { name: "Club" }).click();
  await dialog.getByLabel("To", { exact: true }).fill("ulla");
  await dialog.getByRole("button", { name: /@ulla/ }).click();
  await dialog.getByRole("button", { name: "Forward to 2" }).click();
  await expect(dialog).toBeHidden();

  await ulla.page.getByRole("link", { name: /Tia/ }).click();
  await expect(message(ulla, "The boats are red")).toContainText("Forwarded from Sam");
  await page.getByRole("button", { name: / new$|^Jump/ }).click();
  const copy = log(tia).getByRole("article").last();
  await expect(copy).toContainText("Forwarded from Sam");
  await copy.hover();
  await expect(copy.getByRole("button", { name: "Delete" })).toBeVisible();
  await expect(copy.getByRole("button", { name: "Edit" })).toHaveCount(0);
  for (const person of [tia, ulla]) expect(person.complaints.all).toEqual([]);
});
