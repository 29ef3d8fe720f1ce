import type { RunningServer } from "@hubbub/run-server";
import { expect, test } from "@playwright/test";
import { closeWindows, type Person, signUp, startDirect, write } from "./people.ts";
import { startServer } from "./server-fixture.ts";

let server: RunningServer;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  server = await startServer();
});
test.afterEach(({ browser }) => closeWindows(browser));
test.afterAll(() => server.stop());

async function openPeople({ page }: Person, section: string): Promise<void> {
  await page.getByRole("link", { name: /^People/ }).click();
  await page.getByRole("navigation", { name: "People" }).getByRole("link", { name: section }).click();
}

test("one asks, the other accepts without reloading, and each sees that the other is there", async ({ browser }) => {
  const ada = await signUp(browser, server.url, "ada");
  const grace = await signUp(browser, server.url, "grace");
  await openPeople(ada, "Add a friend");
  const who = ada.page.getByLabel("Username, e-mail or name");
  await who.fill("@nobody-at-all");
  ada.complaints.isOutage = true; // the browser itself complains of the refusal that follows
  await ada.page.getByRole("button", { name: "Send request" }).click();
  await expect(ada.page.getByRole("alert")).toHaveText("Nobody here has this name. Check the spelling.");
  await who.fill("@grace");
  await ada.page.getByRole("button", { name: "Send request" }).click();
  await expect(ada.page.getByText("@grace was asked.")).toBeVisible();

  await grace.page.getByRole("link", { name: "People 1 request waits" }).click();
  await grace.page.getByRole("button", { name: "Accept Ada" }).click();
  await expect(grace.page.getByText("No requests")).toBeVisible();
  await expect(grace.page.getByRole("link", { name: "People", exact: true })).toBeVisible();
  await openPeople(ada, "Friends");
  const friend = ada.page.getByRole("list", { name: "Friends" }).getByRole("listitem");
  await expect(friend.getByText("Grace")).toBeVisible();
  await expect(friend.getByRole("img", { name: "online" })).toBeVisible();
  await ada.page.getByRole("button", { name: "Message Grace" }).click();
  await expect(ada.page.getByRole("heading", { name: "Grace", level: 1 })).toBeVisible();
  expect([...ada.complaints.all, ...grace.complaints.all]).toEqual([]);
});

test("who is blocked from a profile learns nothing of it, and is unblocked again", async ({ browser }) => {
  const edith = await signUp(browser, server.url, "edith");
  const frank = await signUp(browser, server.url, "frank");
  await startDirect(frank, "edith");
  await write(frank, "Hello Edith");
  await edith.page.getByRole("link", { name: /Frank/ }).click();
  const face = edith.page.getByRole("button", { name: "Who is Frank?" });
  await face.press("Enter");
  const card = edith.page.getByRole("dialog", { name: "Frank" });
  await expect(card.getByText("@frank")).toBeVisible();
  await card.getByRole("button", { name: "Add friend" }).click();
  await expect(frank.page.getByRole("link", { name: "People 1 request waits" })).toBeVisible();
  await card.getByRole("button", { name: "Block" }).click();
  await card.getByRole("button", { name: "Block", exact: true }).click();
  await expect(card.getByText("You blocked Frank.")).toBeVisible();
  await edith.page.keyboard.press("Escape");
  await expect(card).toBeHidden();
  await expect(face).toBeFocused();

  // as if they had gone: no request, no presence, and a name that says no more
  await expect(frank.page.getByRole("link", { name: "People", exact: true })).toBeVisible();
  await expect(frank.page.locator("header").getByText("Online")).toHaveCount(0);
  await expect(frank.page.getByText(/block/i)).toHaveCount(0);

  await openPeople(edith, "Blocked");
  await edith.page.getByRole("button", { name: "Unblock Frank" }).click();
  await expect(edith.page.getByText("Nobody is blocked")).toBeVisible();
  await edith.page.getByRole("link", { name: "Friends" }).click();
  await expect(edith.page.getByText("No friends yet")).toBeVisible();
  await expect(frank.page.locator("header").getByText("Online")).toBeVisible();
  expect([...edith.complaints.all, ...frank.complaints.all]).toEqual([]);
});
