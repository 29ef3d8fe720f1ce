import type { RunningServer } from "@hubbub/run-server";
import { expect, type Locator, test } from "@playwright/test";
import { Account, logIn } from "./accounts.ts";
import { closeWindows, log, type Person } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer(() => ({ HUBBUB_LIMITS: "off" }));
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const message = (person: Person, text: string): Locator => log(person).getByRole("article").filter({ hasText: text });

test("all who reacted are listed by emoji, and one's own reaction is known beyond the first five", async ({
  browser,
}) => {
  const names = ["uma", "vic", "wes", "xia", "yan", "zoe", "abe"];
  const people = await Promise.all(names.map((name) => Account.create(server.url, name)));
  const [uma, ...others] = people;
  if (uma === undefined) throw new Error("nobody");
  const club = await uma.start("group", others, "Club");
  const { id: messageId } = await uma.write(club, "Lunch?");
  for (const { api } of people) await api.call("react", { messageId, emoji: "👍" });
  await uma.api.call("react", { messageId, emoji: "🎉" });

  const abe = await logIn(server.url, "abe", browser);
  const { page } = abe;
  await page.goto(`${server.url}/c/${club.id}`);
  const chip = message(abe, "Lunch?").getByLabel(/^👍 \d$/);
  await expect(chip).toHaveAccessibleName("👍 7");
  await expect(chip).toHaveAttribute("aria-pressed", "true");
  await expect(chip).toHaveAttribute("title", /You and 1 more$/);
  await chip.click();
  await expect(chip).toHaveAccessibleName("👍 6");
  await expect(chip).toHaveAttribute("aria-pressed", "false");

  await chip.click({ button: "right" });
  const dialog = page.getByRole("dialog", { name: "Reactions" });
  const listed = dialog.getByRole("list").getByRole("listitem");
  await expect(listed).toHaveText([/Uma$/, /Vic$/, /Wes$/, /Xia$/, /Yan$/, /Zoe$/]);
  await dialog.getByRole("tab", { name: "🎉 1" }).click();
  await expect(listed).toHaveText([/Uma$/]);
  // someone joins while it is open
  await people[1]?.api.call("react", { messageId, emoji: "🎉" });
  await expect(listed).toHaveText([/Uma$/, /Vic$/]);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  await chip.click();
  await expect(chip).toHaveAccessibleName("👍 7");
  await message(abe, "Lunch?").hover();
  await message(abe, "Lunch?").getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Who reacted" }).click();
  await expect(listed.last()).toHaveText(/Abe \(you\)$/);
  await page.keyboard.press("Escape");
  await page.reload();
  await expect(chip).toHaveAttribute("aria-pressed", "true");
  expect(abe.complaints.all).toEqual([]);
});
