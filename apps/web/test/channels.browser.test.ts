import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { closeWindows, log, type Person, password, signUp, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

async function create({ page }: Person, kind: "Group" | "Channel", title: string): Promise<void> {
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByText(kind, { exact: true }).click();
  await page.getByLabel("Title").fill(title);
  if (kind === "Channel") await page.getByLabel(/^Public/).check();
  await page.getByRole("button", { name: `Create ${kind.toLowerCase()}` }).click();
  await expect(page.getByRole("heading", { name: title, level: 1 })).toBeVisible();
}

test("a link shows where it leads, lets a newcomer join once they have signed in, and is worthless when revoked", async ({
  browser,
}) => {
  const kai = await signUp(browser, server.url, "kai");
  await create(kai, "Group", "Rowing");
  await kai.page.getByRole("button", { name: "Details" }).click();
  await kai.page.getByRole("button", { name: "Invite links" }).click();
  await kai.page.getByLabel("Uses").selectOption("Once");
  await kai.page.getByRole("button", { name: "Create link" }).click();
  const link = await kai.page.getByRole("textbox", { name: "Link" }).inputValue();
  expect(link).toContain(`${server.url}/invite/`);

  const lea = await signUp(browser, server.url, "lea");
  await lea.page.goto(link);
  await expect(lea.page.getByRole("heading", { name: "You are invited" })).toBeVisible();
  await expect(lea.page.getByLabel("Invitation")).toContainText("1 member");
  await lea.page.getByRole("button", { name: "Join" }).click();
  await expect(lea.page.getByRole("heading", { name: "Rowing", level: 1 })).toBeVisible();
  await expect(log(lea).getByText("You joined")).toBeVisible();
  await expect(log(kai).getByText("Lea joined")).toBeVisible();
  await write(lea, "When do we row?");
  await expect(log(kai).getByText("When do we row?")).toBeVisible();

  const mio = await signUp(browser, server.url, "mio");
  mio.complaints.isOutage = true; // the refusal is a failed request to the browser
  await mio.page.goto(link);
  await expect(mio.page.getByText("This link leads nowhere")).toBeVisible();

  await kai.page.getByLabel("Uses").selectOption("Any number");
  await kai.page.getByRole("button", { name: "Create link" }).click();
  await expect(kai.page.getByRole("textbox", { name: "Link" })).toHaveCount(2);
  const links = await kai.page.getByRole("textbox", { name: "Link" }).all();
  const addresses = await Promise.all(links.map((each) => each.inputValue()));
  const second = addresses.find((each) => each !== link) ?? "";
  await kai.page
    .getByRole("listitem")
    .filter({ has: kai.page.locator(`input[value="${second}"]`) })
    .getByRole("button", { name: "Revoke link" })
    .click();
  await expect(kai.page.locator(`input[value="${second}"]`)).toHaveCount(0);
  await mio.page.goto(second);
  await expect(mio.page.getByText("This link leads nowhere")).toBeVisible();

  // who is signed out comes back to the link after the login
  const out = await browser.newContext();
  const page = await out.newPage();
  await page.goto(second);
  await page.getByLabel(/username/i).fill("lea");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(second);
  for (const person of [kai, lea, mio]) expect(person.complaints.all).toEqual([]);
});

test("a public channel is found and joined; its owner promotes, demotes, bans and unbans", async ({ browser }) => {
  const nia = await signUp(browser, server.url, "nia");
  await create(nia, "Channel", "Astronomy");
  const oli = await signUp(browser, server.url, "oli");
  const { page } = oli;
  const join = async (): Promise<void> => {
    await page.getByRole("button", { name: "Browse channels" }).click();
    await page.getByRole("dialog").getByLabel("Search").fill("astro");
    await page.getByRole("button", { name: "Join" }).click();
  };
  await join();
  await expect(page.getByRole("heading", { name: "Astronomy", level: 1 })).toBeVisible();

  await nia.page.getByRole("button", { name: "Details" }).click();
  const members = nia.page.getByRole("region", { name: "Members" });
  const choose = async (item: string): Promise<void> => {
    await members.getByRole("button", { name: "Actions for Oli" }).click();
    await nia.page.getByRole("menuitem", { name: item }).click();
  };
  await choose("Make admin");
  await expect(members.getByText("Admin")).toBeVisible();
  await expect(log(oli).getByText("Nia made you an admin")).toBeVisible();
  await page.getByRole("button", { name: "Details" }).click();
  await expect(page.getByRole("button", { name: "Invite links" })).toBeVisible();
  await choose("Make member");
  await expect(page.getByRole("button", { name: "Invite links" })).toBeHidden();

  await choose("Ban…");
  await nia.page.getByRole("button", { name: "Ban", exact: true }).click();
  await expect(page.getByText("This conversation is not here")).toBeVisible();
  oli.complaints.isOutage = true; // the refusal is a failed request to the browser
  await join();
  await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
  await page.keyboard.press("Escape");

  await nia.page.getByRole("button", { name: "Bans" }).click();
  await expect(nia.page.getByRole("list", { name: "Banned" })).toContainText("Oli");
  await nia.page.getByRole("button", { name: "Unban" }).click();
  await expect(nia.page.getByText("Nobody is banned.")).toBeVisible();
  await join();
  await expect(page.getByRole("heading", { name: "Astronomy", level: 1 })).toBeVisible();
  for (const person of [nia, oli]) expect(person.complaints.all).toEqual([]);
});
