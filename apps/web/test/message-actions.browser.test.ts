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

const message = (person: Person, text: string): Locator =>
  log(person)
    .getByRole("article")
    .filter({ has: person.page.locator("p[dir=auto]", { hasText: text }) });
const box = ({ page }: Person): Locator => page.getByRole("textbox", { name: /^Message to/ });

test("people reply, react, edit and delete, with the mouse and with keys, and both windows show it", async ({
  browser,
}) => {
  const eva = await signUp(browser, server.url, "eva");
  const fin = await signUp(browser, server.url, "fin");
  await startDirect(eva, "fin");
  await write(eva, "Lunch at noon?");
  await fin.page.getByRole("link", { name: /Eva/ }).click();
  await expect(message(fin, "Lunch at noon?")).toBeVisible();

  await message(fin, "Lunch at noon?").hover();
  await fin.page.getByRole("button", { name: "React with 👍" }).click();
  for (const person of [eva, fin]) await expect(message(person, "Lunch").getByLabel("👍 1")).toBeVisible();
  await message(eva, "Lunch").getByLabel("👍 1").click();
  await expect(message(fin, "Lunch").getByLabel("👍 2")).toHaveAttribute("aria-pressed", "true");

  await message(fin, "Lunch at noon?").hover();
  await fin.page.getByRole("button", { name: "Reply", exact: true }).click();
  await expect(box(fin)).toBeFocused();
  await write(fin, "Gladly");
  await expect(message(eva, "Gladly")).toContainText("In reply to");
  await expect(message(eva, "Gladly")).toContainText("Lunch at noon?");

  await box(fin).press("ArrowUp");
  await expect(box(fin)).toHaveValue("Gladly");
  await box(fin).fill("Gladly, at one");
  await box(fin).press("Enter");
  await expect(message(eva, "Gladly, at one")).toContainText("edited");
  await expect(box(fin)).toHaveValue("");
  await box(fin).press("ArrowUp");
  await box(fin).press("Escape");
  await expect(box(fin)).toHaveValue("");

  // by keys alone: Shift+Tab comes to the newest message, its actions follow
  await fin.page.mouse.move(0, 0);
  await box(fin).press("Shift+Tab");
  await expect(message(fin, "Gladly, at one")).toBeFocused();
  await message(fin, "Gladly, at one").getByRole("button", { name: "Delete" }).press("Enter");
  await message(fin, "Gladly, at one").getByRole("button", { name: "Delete" }).press("Enter");
  await expect(log(eva).getByText("This message was deleted.")).toBeVisible();
  await expect(eva.page.getByRole("link", { name: /Fin/ })).toContainText("Message deleted");
  expect(await texts(eva)).toEqual(["Lunch at noon?"]);

  for (const { page } of [eva, fin]) await page.reload();
  for (const person of [eva, fin]) {
    await expect(message(person, "Lunch").getByLabel("👍 2")).toBeVisible();
    await expect(log(person).getByText("This message was deleted.")).toBeVisible();
    expect(person.complaints.all).toEqual([]);
  }
});

test("any emoji is a reaction, found by its name without asking anyone else; what a message said before is told", async ({
  browser,
}) => {
  const ola = await signUp(browser, server.url, "ola");
  const { page } = ola;
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await startDirect(ola, "ola", "Notes to yourself");
  await write(ola, "At **first**");
  await message(ola, "At first").hover();
  await page.getByRole("button", { name: "React with another emoji" }).click();
  await page.getByRole("searchbox", { name: "Search emoji" }).fill("hedgehog");
  await page.getByRole("gridcell", { name: "hedgehog" }).click();
  await expect(message(ola, "At first").getByLabel("🦔 1")).toHaveAttribute("aria-pressed", "true");
  expect(new Set(asked)).toEqual(new Set([server.url]));

  await box(ola).press("ArrowUp");
  await box(ola).fill("And then");
  await box(ola).press("Enter");
  await message(ola, "And then").getByRole("button", { name: "edited" }).click();
  const history = page.getByRole("dialog", { name: "Edit history" });
  await expect(history.getByRole("heading")).toContainText(["Edit history", "Now", "At first"]);
  await expect(history.locator("strong", { hasText: "first" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(history).toHaveCount(0);

  // in passing, a text is told without its marks, and a spoiler not at all
  await write(ola, "It was ||**Ben**||, _not_ `me`");
  await message(ola, "It was").hover();
  await page.getByRole("button", { name: "Reply", exact: true }).click();
  await write(ola, "Impossible");
  await expect(message(ola, "Impossible")).toContainText("It was ▇▇▇, not me");
  expect(ola.complaints.all).toEqual([]);
});

test("on a narrow touch screen a long press brings the actions, within the screen", async ({ browser }) => {
  const options = { viewport: { width: 375, height: 700 }, hasTouch: true, isMobile: true };
  const gil = await signUp(browser, server.url, "gil", options);
  await startDirect(gil, "gil", "Notes to yourself");
  await write(gil, "Buy milk");
  await expect(message(gil, "Buy milk").getByRole("img", { name: "Sent" })).toBeVisible();
  const { x, y } = (await message(gil, "Buy milk").boundingBox()) ?? { x: 0, y: 0 };
  const touch = await gil.page.context().newCDPSession(gil.page);
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x: x + 120, y: y + 12 }] });
  const actions = gil.page.getByRole("toolbar", { name: "Message actions" });
  await expect(actions).toBeVisible();
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  const bounds = await actions.boundingBox();
  expect(bounds?.x).toBeGreaterThanOrEqual(0);
  expect((bounds?.x ?? 0) + (bounds?.width ?? 0)).toBeLessThanOrEqual(375);
  await actions.getByRole("button", { name: "React with 🎉" }).tap();
  await expect(message(gil, "Buy milk").getByLabel("🎉 1")).toBeVisible();
  expect(gil.complaints.all).toEqual([]);
});
