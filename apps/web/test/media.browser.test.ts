import { readFile } from "node:fs/promises";
import type { RunningServer } from "@hubbub/run-server";
import { expect, type Locator, test } from "@playwright/test";
import { bring, png, textFile } from "./files.ts";
import { closeWindows, log, type Person, signUp, startDirect, texts } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const box = ({ page }: Person): Locator => page.getByRole("textbox", { name: /^Message to/ });
const chosen = ({ page }: Person): Locator => page.getByRole("list", { name: "Attachments" }).getByRole("listitem");
const shown = (person: Person): Locator =>
  log(person)
    .getByRole("button", { name: /^Open picture/ })
    .locator("img");
const widthOf = (picture: Locator): Promise<number> =>
  picture.evaluate((image: HTMLImageElement) => (image.complete ? image.naturalWidth : 0));

test("pictures and files are picked, pasted and dropped, go with their words, and the other one sees, opens and saves them", async ({
  browser,
}) => {
  const eva = await signUp(browser, server.url, "eva");
  const fin = await signUp(browser, server.url, "fin");
  await startDirect(eva, "fin");
  await eva.page.locator("input[type=file]").setInputFiles([png("lake.png", 640, 400, [30, 90, 160])]);
  await expect(chosen(eva)).toContainText("Ready");
  await bring(box(eva), "paste", [png("wood.png", 300, 500, [40, 120, 60])]);
  await bring(log(eva), "drop", [textFile("route.txt", "First left, then right.\n")]);
  await expect(chosen(eva)).toHaveText([/lake\.png.*Ready/, /wood\.png.*Ready/, /route\.txt.*Ready/]);
  await box(eva).fill("Where we were");
  await box(eva).press("Enter");
  await expect(chosen(eva)).toHaveCount(0);

  await expect(fin.page.getByRole("link", { name: /Eva/ })).toContainText("3 files: Where we were");
  await fin.page.getByRole("link", { name: /Eva/ }).click();
  for (const person of [eva, fin]) {
    await expect(shown(person)).toHaveCount(2);
    await expect.poll(() => widthOf(shown(person).first())).toBe(640);
    await expect.poll(() => widthOf(shown(person).last())).toBe(300);
    expect(await texts(person)).toEqual(["Where we were"]);
  }

  const saving = fin.page.waitForEvent("download");
  await log(fin).getByRole("button", { name: "Download route.txt, 24 bytes" }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe("route.txt");
  expect(await readFile(await saved.path(), "utf8")).toBe("First left, then right.\n");

  // by keys alone: opened, turned, closed, and on from there
  await log(fin).getByRole("button", { name: "Open picture 1 of 2: lake.png" }).press("Enter");
  const large = fin.page.getByRole("dialog", { name: "lake.png" });
  await expect.poll(() => widthOf(large.getByRole("img", { name: "lake.png" }))).toBe(640);
  await fin.page.keyboard.press("ArrowRight");
  await expect(fin.page.getByRole("dialog", { name: "wood.png" })).toContainText("2 of 2");
  await fin.page.keyboard.press("ArrowLeft");
  const savingPicture = fin.page.waitForEvent("download");
  await large.getByRole("button", { name: "Download" }).click();
  expect((await readFile(await (await savingPicture).path())).subarray(1, 4).toString()).toBe("PNG");
  await fin.page.keyboard.press("Escape");
  await expect(large).toHaveCount(0);
  await expect(log(fin).getByRole("button", { name: "Open picture 1 of 2: lake.png" })).toBeFocused();

  for (const { page } of [eva, fin]) await page.reload();
  for (const person of [eva, fin]) {
    await expect.poll(() => widthOf(shown(person).first())).toBe(640);
    expect(person.complaints.all).toEqual([]);
  }
});
