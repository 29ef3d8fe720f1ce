import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { Account, logIn } from "./accounts.ts";
import { closeWindows } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

test("[C4] someone is invited from the list of members, and comes in by accepting", async ({ browser }) => {
  const vera = await Account.create(server.url, "vera");
  await Account.create(server.url, "will");
  const group = await vera.start("group", [], "Walkers");
  const one = await logIn(server.url, "vera", browser);
  const two = await logIn(server.url, "will", browser);
  await one.page.goto(`${server.url}/c/${group.id}`);
  await one.page.getByRole("button", { name: "Details", exact: true }).click();
  await one.page.getByRole("button", { name: "Add people" }).click();
  const dialog = one.page.getByRole("dialog", { name: "Add people" });
  await dialog.getByText("Invite", { exact: true }).first().click();
  await expect(dialog).toContainText("They are asked");
  await dialog.getByLabel("People").fill("will");
  await dialog.getByRole("button", { name: /@will/ }).click();
  await dialog.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(dialog).toBeHidden();
  const members = one.page.getByRole("region", { name: "Members" });
  await expect(members).toContainText("1 member");

  await two.page.getByRole("button", { name: /Invitations/ }).click();
  await expect(two.page.getByRole("dialog")).toContainText("Vera invites you.");
  await two.page.getByRole("button", { name: "Accept" }).click();
  await expect(two.page.getByRole("heading", { name: "Walkers", level: 1 })).toBeVisible();
  await expect(members).toContainText("2 members");
  for (const { complaints } of [one, two]) expect(complaints.all).toEqual([]);
});
