import { expect, test } from "bun:test";
import { newMediaId, newUserId } from "@hubbub/contract";
import { begin, other, seeded, until, user } from "../testing/simulated-browser.ts";
import { asIntended } from "./pending-change.ts";

/** Is no member anywhere. */
const stranger = newUserId();
const baseSeed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
process.stdout.write(`outbox: SEED=${baseSeed}\n`);

test("[L18] a message with files, and one that calls people, is as the server has it where its push is lost", async () => {
  const { server, store } = begin({ random: seeded(baseSeed), share: 0 });
  const id = server.create();
  store.start();
  await until(() => store.getSnapshot().conversations.has(id));
  server.network.push = () => undefined; // the receipt tells of it, and then the log
  // as an upload is known before anybody looked into it
  const attachments = [{ id: newMediaId(id), fileName: "picture.png", contentType: "image/png", size: 70 }];
  store.messages.send(id, { text: "", attachments });
  store.messages.send(id, { text: "hello", mentions: [other, stranger] });
  const state = () => store.getSnapshot().conversations.get(id);
  await until(() => state()?.messages.length === 2);
  expect(state()?.messages).toEqual(server.rooms.get(id)?.messages ?? []);
  expect(state()?.messages[0]).toMatchObject({ kind: "image", media: [{ width: 2 }] });
  expect(state()?.pending).toEqual([]);
  await store.stop();
});

test("a refused message stays, says why, and goes when it is tried again", async () => {
  const { server, store } = begin({ random: seeded(baseSeed), share: 0 });
  const id = server.create();
  store.start();
  await until(() => store.getSnapshot().conversations.has(id));
  server.refuses = true;
  store.messages.send(id, { text: "hello" });
  const pending = () => store.getSnapshot().conversations.get(id)?.pending[0];
  expect(pending()?.status).toBe("sending");
  await until(() => pending()?.status === "failed");
  expect(pending()?.failure).toBe("Not here.");
  server.refuses = false;
  const { clientMessageId } = pending() ?? {};
  if (clientMessageId !== undefined) store.messages.retry(id, clientMessageId);
  await until(() => pending() === undefined);
  expect(server.rooms.get(id)?.messages.map(({ text }) => text)).toEqual(["hello"]);
  await store.stop();
});

test("a refused change is taken back, says why, and goes when it is tried again or given up", async () => {
  const { server, browser, store } = begin({ random: seeded(baseSeed), share: 0 });
  const id = server.create();
  const message = server.write(id, user.id, "before");
  store.start();
  const state = () => store.getSnapshot().conversations.get(id);
  await until(() => state() !== undefined);
  await store.history.loadEarlier(id);
  const shown = () => asIntended(state()?.messages[0] ?? message, state()?.changing ?? [], user.id);
  server.refuses = true;
  store.messages.edit(message, "after", []);
  expect(shown()).toMatchObject({ text: "after" });
  store.messages.delete(message);
  expect(shown().deletedAt).toBeDefined();
  await until(() => state()?.changing.every(({ status }) => status === "failed") ?? false);
  expect(state()?.changing.map(({ failure }) => failure)).toEqual(["Nothing here.", "Nothing here."]);
  expect(shown()).toEqual(state()?.messages[0] ?? message);
  expect(shown().text).toBe("before");
  const [edit, deletion] = state()?.changing ?? [];
  server.refuses = false;
  if (edit === undefined || deletion === undefined) throw new Error("Nothing is pending");
  store.messages.discard(id, deletion.clientMessageId);
  store.messages.retry(id, edit.clientMessageId);
  await until(() => state()?.changing.length === 0);
  await until(() => state()?.messages[0]?.text === "after");
  expect(server.rooms.get(id)?.messages.map(({ text, deletedAt }) => [text, deletedAt])).toEqual([
    ["after", undefined],
  ]);
  await until(async () => (await browser.storage.listOutbox()).length === 0);
  await store.stop();
});
