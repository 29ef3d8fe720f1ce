import type { RunningServer } from "@hubbub/run-server";
import { type Locator, expect as plain, test } from "@playwright/test";
import { Account, logIn } from "./accounts.ts";
import { type GivenFile, png } from "./files.ts";
import { closeWindows, log, openSettings, type Person, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

test.describe.configure({ timeout: 600_000 });
/** Pictures are made, sent, looked into and shown: on a busy machine that takes its time. */
const expect = plain.configure({ timeout: 60_000 });

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
  const ivy = await Account.create(server.url, "ivy");
  const jon = await Account.create(server.url, "jon");
  await ivy.start("group", [jon], "Club");
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const inList = ({ page }: Person, name: RegExp): Locator => page.getByRole("link", { name }).locator("img");
const widthOf = (picture: Locator): Promise<number> =>
  picture.evaluate((image: HTMLImageElement) => (image.complete ? image.naturalWidth : 0));

async function choose({ page }: Person, within: Locator, picture: GivenFile): Promise<void> {
  await within.getByLabel("Picture", { exact: true }).setInputFiles([picture]);
  const crop = page.getByRole("dialog", { name: "Choose what is shown" });
  await crop.getByRole("slider", { name: "Zoom" }).fill("2");
  await crop.getByRole("button", { name: "Use this picture" }).click();
  await expect(crop).toHaveCount(0);
}

test("a picture of a person and one of a group are chosen, cut and seen in another window at once, and taken away again", async ({
  browser,
}) => {
  const viewport = { width: 1280, height: 800 };
  const ivy = await logIn(server.url, "ivy", browser, { viewport });
  const jon = await logIn(server.url, "jon", browser, { viewport });
  for (const { page } of [ivy, jon]) await page.getByRole("link", { name: /Club/ }).click();
  await write(ivy, "Hello");
  await expect(log(jon).getByText("Hello")).toBeVisible();
  await expect(log(jon).locator("article img")).toHaveCount(0);

  const profile = await openSettings(ivy, "Profile");
  await choose(ivy, profile, png("me.png", 900, 600, [200, 90, 60]));
  await expect.poll(() => widthOf(profile.locator("img"))).toBe(512);
  await expect.poll(() => widthOf(log(jon).locator("article img"))).toBe(512);
  await profile.getByRole("button", { name: "Remove" }).click();
  await expect(log(jon).locator("article img")).toHaveCount(0);
  await expect(profile.locator("img")).toHaveCount(0);
  await ivy.page.keyboard.press("Escape");

  for (const { page } of [ivy, jon]) await page.getByRole("button", { name: "Details", exact: true }).click();
  const details = ivy.page.getByRole("complementary", { name: "Details" });
  await choose(ivy, details, png("club.png", 300, 800, [60, 90, 200]));
  for (const person of [ivy, jon]) await expect.poll(() => widthOf(inList(person, /Club/))).toBe(512);
  await expect(jon.page.getByRole("complementary", { name: "Details" })).toBeVisible();
  await expect(jon.page.getByRole("button", { name: "Change picture" })).toHaveCount(0);
  await details.getByRole("button", { name: "Remove", exact: true }).click();
  for (const person of [ivy, jon]) {
    await expect(inList(person, /Club/)).toHaveCount(0);
    expect(person.complaints.all).toEqual([]);
  }
});
