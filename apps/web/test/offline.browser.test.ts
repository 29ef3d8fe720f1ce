import { HubbubApi } from "@hubbub/client";
import { newDeviceId } from "@hubbub/contract";
import type { RunningServer } from "@hubbub/run-server";
import { type BrowserContext, expect, type Locator, test } from "@playwright/test";
import { kept, storedTexts } from "./kept-chat.ts";
import { closeWindows, log, type Person, password, signUp, startDirect, texts, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

const serverPaths = /\/(api|hubs)\//;

/** The page's files still come, as from a cache; the server behind them does not answer. */
async function cutOff({ page, complaints }: Person): Promise<void> {
  complaints.isOutage = true;
  await page.context().route(serverPaths, (route) => route.abort("internetdisconnected"));
  await page.reload();
}

async function comeBack(context: BrowserContext): Promise<void> {
  await context.unroute(serverPaths);
}

test("[K2] [K4] without a server the history is there after a reload, what is written waits, is sent once, and missed changes come", async ({
  browser,
}) => {
  const ann = await signUp(browser, server.url, "ann");
  const bob = await signUp(browser, server.url, "bob");
  await startDirect(ann, "bob");
  for (const text of ["one", "two", "three"]) await write(ann, text);
  await bob.page.getByRole("link", { name: /Ann/ }).click();
  await expect(log(bob).getByText("three")).toBeVisible();
  await write(bob, "from Bob");
  await expect(log(ann).getByText("from Bob")).toBeVisible();
  await expect.poll(() => kept(ann)).toMatchObject({ conversations: 1, outbox: 0 });
  await expect.poll(async () => JSON.stringify(await storedTexts(ann))).toContain("from Bob");

  await cutOff(ann);
  await expect.poll(() => texts(ann)).toEqual(["one", "two", "three", "from Bob"]);
  await write(ann, "waits 1");
  await write(ann, "waits 2");
  await expect(ann.page.getByText("2 messages wait.")).toBeVisible();
  await expect.poll(() => kept(ann)).toMatchObject({ outbox: 2 });
  await ann.page.reload();
  await expect.poll(() => texts(ann)).toEqual(["one", "two", "three", "from Bob", "waits 1", "waits 2"]);

  // meanwhile
  await log(bob).getByText("from Bob").hover();
  await bob.page.getByRole("button", { name: "Edit" }).click();
  await bob.page.getByRole("textbox").last().fill("from Bob, edited");
  await bob.page.keyboard.press("Enter");
  await expect(log(bob).getByText("from Bob, edited")).toBeVisible();

  await comeBack(ann.page.context());
  // another window of the same browser finds the same queue
  const second = await ann.page.context().newPage();
  await second.goto(ann.page.url());
  const all = ["one", "two", "three", "from Bob, edited", "waits 1", "waits 2"];
  await expect.poll(() => texts(bob)).toEqual(all);
  await expect.poll(() => texts(ann)).toEqual(all);
  await expect.poll(() => kept(ann)).toMatchObject({ outbox: 0 });
  expect(await texts(bob)).toEqual(all);
  expect(ann.complaints.all).toEqual([]);
});

test("[K6] logging out leaves nothing of the account in the browser", async ({ browser }) => {
  const cat = await signUp(browser, server.url, "cat");
  await signUp(browser, server.url, "dan");
  await startDirect(cat, "dan");
  await write(cat, "secret");
  await expect.poll(() => kept(cat)).toMatchObject({ head: 1, conversations: 1 });
  await cat.page.getByRole("button", { name: "Account and appearance" }).click();
  await cat.page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(cat.page.getByLabel("Password", { exact: true })).toBeVisible();
  await expect.poll(() => kept(cat)).toEqual({ head: 0, conversations: 0, users: 0, outbox: 0 });
  expect(await cat.page.evaluate(() => localStorage.getItem("hubbub.session"))).toBeNull();
  await cat.page.getByLabel("Username or e-mail").fill("dan");
  await cat.page.getByLabel("Password", { exact: true }).fill(password);
  await cat.page.getByRole("button", { name: "Log in" }).click();
  await cat.page.getByRole("link", { name: /Cat/ }).click();
  await expect(log(cat).getByText("secret")).toBeVisible();
});

/** The message with this text; its actions appear when it has the attention. */
function message(person: Person, text: string): Locator {
  return log(person).locator("article").filter({ hasText: text });
}

async function act(person: Person, text: string, label: string): Promise<void> {
  await message(person, text).hover();
  await message(person, text).getByRole("button", { name: label, exact: true }).click();
}

test("[K4] edits, deletions and reactions made without a network are shown at once, outlive a reload and happen once, in order", async ({
  browser,
}) => {
  const eva = await signUp(browser, server.url, "eva");
  const fin = await signUp(browser, server.url, "fin");
  await startDirect(eva, "fin");
  for (const text of ["to edit", "to delete"]) await write(eva, text);
  await fin.page.getByRole("link", { name: /Eva/ }).click();
  for (const text of ["liked", "edited by Fin", "deleted by Fin"]) await write(fin, text);
  await expect(log(eva).getByText("deleted by Fin")).toBeVisible();
  await expect.poll(async () => JSON.stringify(await storedTexts(eva))).toContain("deleted by Fin");
  await expect.poll(() => eva.page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe("activated");

  eva.complaints.isOutage = true;
  await eva.page.context().setOffline(true);
  await eva.page.reload();
  await expect(log(eva).getByText("to edit")).toBeVisible();
  await act(eva, "to edit", "Edit");
  await eva.page.getByRole("textbox").last().fill("edited without a network");
  await eva.page.keyboard.press("Enter");
  await write(eva, "written without a network");
  await act(eva, "to delete", "Delete");
  await message(eva, "to delete").getByRole("button", { name: "Delete", exact: true }).click();
  await act(eva, "liked", "React with 👍");
  const shown = ["edited without a network", "liked", "edited by Fin", "deleted by Fin", "written without a network"];
  const isShown = async () => {
    await expect.poll(() => texts(eva)).toEqual(shown);
    await expect(message(eva, "liked").getByLabel("👍 1")).toHaveAttribute("aria-pressed", "true");
    await expect(log(eva).getByText("This message was deleted.")).toBeVisible();
  };
  await isShown();
  await expect(eva.page.getByText("1 message and 3 changes wait.")).toBeVisible();
  await expect.poll(() => kept(eva)).toMatchObject({ outbox: 4 });
  await eva.page.reload();
  await isShown();

  // meanwhile
  await act(fin, "edited by Fin", "Edit");
  await fin.page.getByRole("textbox").last().fill("changed by Fin");
  await fin.page.keyboard.press("Enter");
  await act(fin, "deleted by Fin", "Delete");
  await message(fin, "deleted by Fin").getByRole("button", { name: "Delete", exact: true }).click();
  await expect.poll(() => texts(fin)).toEqual(["to edit", "to delete", "liked", "changed by Fin"]);

  await eva.page.context().setOffline(false);
  const all = ["edited without a network", "liked", "changed by Fin", "written without a network"];
  for (const person of [eva, fin]) {
    await expect.poll(() => texts(person)).toEqual(all);
    await expect(message(person, "liked").getByLabel("👍 1")).toBeVisible();
  }
  await expect.poll(() => kept(eva)).toMatchObject({ outbox: 0 });
  await expect(eva.page.getByText("Reconnecting…")).toBeHidden();

  const api = new HubbubApi({ baseUrl: server.url, deviceId: newDeviceId(), tokenDelivery: "body" });
  const answer = await api.login({ login: "eva", password, deviceName: "test" });
  if (!("user" in answer)) throw new Error("A second step is asked for");
  const { user } = answer;
  const [conversation] = (await api.call("listConversations", {})).items;
  if (conversation === undefined) throw new Error("There is no conversation");
  const { items } = await api.call("listChanges", { conversationId: conversation.id });
  const own = items.filter((change) => "actorId" in change && change.actorId === user.id);
  expect(own.slice(2).map(({ event }) => event)).toEqual([
    ...["MessageEdited", "ReceiveMessage", "MessageDeleted", "ReactionAdded"],
  ]);
  expect(eva.complaints.all).toEqual([]);
});
