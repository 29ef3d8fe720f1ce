import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import {
  closeWindows,
  log,
  nameOf,
  openWindow,
  type Person,
  password,
  signUp,
  startDirect,
  texts,
  write,
} from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const complaintsOf = (...people: readonly Person[]): string[] => people.flatMap(({ complaints }) => complaints.all);

test("two windows chat, and converge without a reload when the server is killed between two messages", async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const ann = await signUp(browser, server.url, "ann");
  const ben = await signUp(browser, server.url, "ben");
  await startDirect(ann, "ben");
  await write(ann, "Hello Ben");
  await expect(ann.page.getByRole("img", { name: /^(Sent|Delivered)$/ })).toHaveCount(1);

  await ben.page.getByRole("link", { name: /Ann/ }).click();
  await expect(log(ben).getByText("Hello Ben")).toBeVisible();
  await write(ben, "Hello Ann");
  await expect(log(ann).getByText("Hello Ann")).toBeVisible();

  for (const { complaints } of [ann, ben]) complaints.isOutage = true;
  await server.kill();
  await write(ann, "Written while it was gone");
  await expect(ann.page.getByRole("img", { name: "Sending" })).toHaveCount(1);
  await expect(ann.page.getByText("Reconnecting…")).toBeVisible();
  await server.start();

  await expect(log(ben).getByText("Written while it was gone")).toBeVisible({ timeout: 30_000 });
  await expect(ann.page.getByRole("img", { name: "Sending" })).toHaveCount(0);
  await write(ben, "There you are");
  await expect(log(ann).getByText("There you are")).toBeVisible();
  await expect(ann.page.getByText("Reconnecting…")).toBeHidden();

  const all = ["Hello Ben", "Hello Ann", "Written while it was gone", "There you are"];
  expect(await texts(ann)).toEqual(all);
  expect(await texts(ben)).toEqual(all);
  for (const { page } of [ann, ben]) await page.reload();
  await expect(log(ann).getByText("There you are")).toBeVisible();
  expect(await texts(ann)).toEqual(all);
  expect(complaintsOf(ann, ben)).toEqual([]);
});

test("markup is text, http links are links, a draft and the session survive a reload, tabs live and end together", async ({
  browser,
}) => {
  const cat = await signUp(browser, server.url, "cat");
  await startDirect(cat, "cat", "Notes to yourself");
  await write(cat, "<img src=x onerror=alert(1)> see https://example.org/a, javascript:alert(1)");
  await expect(log(cat).getByText("<img src=x onerror=alert(1)>")).toBeVisible();
  const links = log(cat).getByRole("link");
  await expect(links).toHaveCount(1);
  await expect(links).toHaveAttribute("href", "https://example.org/a");
  await expect(links).toHaveAttribute("rel", /noopener/);

  const box = cat.page.getByRole("textbox", { name: /^Message to/ });
  await box.fill("first line");
  await box.press("Shift+Enter");
  await box.pressSequentially("second line");
  await cat.page.reload();
  await expect(box).toHaveValue("first line\nsecond line");

  const secondTab = { ...cat, page: await cat.page.context().newPage() };
  await secondTab.page.goto(cat.page.url());
  await write(secondTab, "From the other tab");
  await expect(log(cat).getByText("From the other tab")).toBeVisible();

  await cat.page.getByRole("button", { name: "Account and appearance" }).click();
  await cat.page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(cat.page.getByRole("heading", { name: "Log in" })).toBeVisible();
  cat.complaints.isOutage = true;
  await expect(secondTab.page.getByRole("heading", { name: "Log in" })).toBeVisible();
  expect(complaintsOf(cat)).toEqual([]);
});

test("a group is founded, renamed, and left, live in both windows", async ({ browser }) => {
  const dora = await signUp(browser, server.url, "dora");
  const emil = await signUp(browser, server.url, "emil");
  await dora.page.getByRole("button", { name: "New conversation" }).click();
  await dora.page.getByText("Group", { exact: true }).click();
  await dora.page.getByLabel("Title").fill("Garden");
  await dora.page.getByLabel("People").fill("emil");
  await dora.page.getByRole("button", { name: /@emil$/ }).click();
  await dora.page.getByRole("button", { name: "Create group" }).click();
  await emil.page.getByRole("link", { name: /Garden/ }).click();

  await dora.page.getByRole("button", { name: "Details", exact: true }).click();
  const details = dora.page.getByRole("complementary", { name: "Details" });
  await expect(details.getByText(nameOf("emil"))).toBeVisible();
  await details.getByLabel("Title").fill("Allotment");
  await details.getByRole("button", { name: "Save" }).click();
  await expect(emil.page.getByRole("heading", { name: "Allotment", level: 1 })).toBeVisible();

  await emil.page.getByRole("button", { name: "Details", exact: true }).click();
  await emil.page.getByRole("button", { name: "Leave group" }).click();
  await emil.page.getByRole("button", { name: "Leave", exact: true }).click();
  await expect(emil.page.getByRole("link", { name: /Allotment/ })).toHaveCount(0);
  await expect(details.getByText(nameOf("emil"))).toBeHidden();
  await expect(details.getByText("1 member")).toBeVisible();
  expect(complaintsOf(dora, emil)).toEqual([]);
});

test("refusals stand beside their fields, and a wrong password is told in words", async ({ browser }) => {
  const { page } = await openWindow(browser);
  await page.goto(`${server.url}/signup`);
  await page.getByLabel("Username").fill("x y");
  await page.getByLabel("E-mail").fill("x@example.org");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Username")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Username")).toBeFocused();
  await page.getByRole("link", { name: "Log in" }).click();
  await page.getByLabel("Username or e-mail").fill("nobody");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert")).toContainText("wrong");
});
