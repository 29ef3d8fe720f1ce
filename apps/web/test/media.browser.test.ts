import { readFile } from "node:fs/promises";
import type { RunningServer } from "@hubbub/run-server";
import { type Locator, expect as plain, test } from "@playwright/test";
import { Account, logIn } from "./accounts.ts";
import { bring, fromCamera, png, textFile } from "./files.ts";
import { closeWindows, log, type Person, signUp, startDirect, texts } from "./people.ts";
import { startServer } from "./server-fixture.ts";

test.describe.configure({ timeout: 600_000 });
/** Pictures are made, sent, looked into and shown: on a busy machine that takes its time. */
const expect = plain.configure({ timeout: 60_000 });

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
  }
  await fin.page.getByRole("button", { name: "Details", exact: true }).click();
  const shared = fin.page.getByRole("region", { name: "Shared media" });
  await expect(shared.getByRole("button", { name: /^Open picture/ })).toHaveCount(2);
  await shared.getByRole("button", { name: "Files" }).click();
  await expect(shared.getByRole("button", { name: "Download route.txt, 24 bytes" })).toBeVisible();
  for (const person of [eva, fin]) expect(person.complaints.all).toEqual([]);
});

test("an upload that is cut off is told and tried again, and the message that waits for it goes by itself", async ({
  browser,
}) => {
  const gus = await signUp(browser, server.url, "gus");
  const { page, complaints } = gus;
  await startDirect(gus, "gus", "Notes to yourself");
  const network = await page.context().newCDPSession(page);
  const limitTo = (uploadThroughput: number, offline = false) =>
    network.send("Network.emulateNetworkConditions", { offline, latency: 0, downloadThroughput: -1, uploadThroughput });
  await limitTo(50_000);
  const film = { name: "film.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(6_000_000, 1) };
  await page.locator("input[type=file]").setInputFiles([film]);
  await expect(chosen(gus)).toHaveText(/[1-9]\d? %/);
  await box(gus).fill("At last");
  await box(gus).press("Enter");
  const waiting = page.getByRole("region", { name: "Message that waits" });
  await expect(waiting).toContainText("At last");
  await expect(box(gus)).toHaveValue("");

  complaints.isOutage = true;
  await limitTo(50_000, true);
  await expect(waiting.getByRole("alert")).toHaveText("The server cannot be reached.");
  await limitTo(-1);
  await box(gus).fill("Meanwhile");
  await box(gus).press("Enter");
  await expect(log(gus).getByText("Meanwhile")).toBeVisible();
  await waiting.getByRole("button", { name: "Try again: film.bin" }).click();
  await expect(log(gus).getByRole("button", { name: "Download film.bin, 6 MB" })).toBeVisible();
  await expect(waiting).toHaveCount(0);
  expect(await texts(gus)).toEqual(["Meanwhile", "At last"]);
  expect(complaints.all).toEqual([]);
});

test("what cannot be sent is told in words beside its name, before or by the server, and the rest goes", async ({
  browser,
}) => {
  const hal = await signUp(browser, server.url, "hal");
  const { page, complaints } = hal;
  await startDirect(hal, "hal", "Notes to yourself");
  complaints.isOutage = true; // the server's refusal stands on the console
  const uploads: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "PUT") uploads.push(request.url());
  });
  await bring(
    log(hal),
    "drop",
    [textFile("nothing.txt", ""), textFile("lie.pdf", "no paper"), textFile("truth.txt", "yes")].map((file) =>
      file.name === "lie.pdf" ? { ...file, mimeType: "application/pdf" } : file,
    ),
  );
  const [nothing, lie, truth] = [chosen(hal).nth(0), chosen(hal).nth(1), chosen(hal).nth(2)];
  await expect(nothing.getByRole("alert")).toHaveText("This is empty, or a folder.");
  await expect(lie.getByRole("alert")).toContainText("not what was announced");
  await expect(truth).toContainText("Ready");
  expect(uploads).toHaveLength(2);
  await lie.getByRole("button", { name: "Remove lie.pdf" }).click();
  await box(hal).press("Enter");
  await expect(log(hal).getByRole("button", { name: "Download truth.txt, 3 bytes" })).toBeVisible();
  await expect(chosen(hal)).toHaveCount(0);

  await bring(
    box(hal),
    "paste",
    Array.from({ length: 11 }, (_, index) => textFile(`${index}.txt`, "x")),
  );
  await expect(page.getByText("A message takes at most 10 files.")).toBeVisible();
  await expect(chosen(hal)).toHaveCount(10);
  expect(complaints.all).toEqual([]);
});

test("a picture from a camera goes upright and as large as it was, and tells of no camera", async ({ browser }) => {
  const kim = await Account.create(server.url, "kim");
  const notes = await kim.start("direct", []);
  const window = await logIn(server.url, "kim", browser);
  const { page, complaints } = window;
  await page.goto(`${server.url}/c/${notes.id}`);
  await expect(box(window)).toBeVisible();
  const plain = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 40;
    canvas.height = 20;
    return canvas.toDataURL("image/jpeg").slice("data:image/jpeg;base64,".length);
  });
  const photo = { name: "IMG_1.jpg", mimeType: "image/jpeg", buffer: fromCamera(Buffer.from(plain, "base64")) };
  await page.locator("input[type=file]").setInputFiles([photo]);
  await expect(chosen(window)).toContainText("Ready");
  await box(window).press("Enter");
  await expect(shown(window)).toHaveCount(1);

  const sent = async () => (await kim.api.call("listMessages", { conversationId: notes.id })).items[0]?.media?.[0];
  await expect.poll(sent).toMatchObject({ fileName: "IMG_1.jpg", contentType: "image/jpeg", width: 20, height: 40 });
  const { id } = (await sent()) ?? {};
  if (id === undefined) throw new Error("It was not sent");
  const { url } = await kim.api.call("getMediaUrl", { mediaId: id });
  const stored = Buffer.from(await (await fetch(url)).arrayBuffer());
  expect(stored.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  expect(photo.buffer.includes("Exif")).toBe(true);
  expect(stored.includes("Exif")).toBe(false);
  expect(complaints.all).toEqual([]);
});
