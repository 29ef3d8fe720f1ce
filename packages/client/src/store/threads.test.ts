import { expect, test } from "bun:test";
import { begin, other, seeded, until } from "../testing/simulated-browser.ts";
import { messageIn, repliesIn } from "./threads.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
process.stdout.write(`threads: SEED=${seed}\n`);

test("[L15] [L18] a thread from before the known history is read page by page, and stays as the server has it", async () => {
  const { server, store } = begin({ random: seeded(seed), share: 0 });
  const id = server.create();
  const root = server.write(id, other, "root");
  for (let i = 0; i < 8; i++) server.write(id, other, `reply ${i}`, { threadRootId: root.id });
  for (let i = 0; i < 9; i++) server.write(id, other, `other ${i}`);
  store.history.open(id);
  store.start();
  await until(() => store.getSnapshot().sync.status === "ready");
  await store.history.loadEarlier(id);
  // both are changed while the answer that tells of them is on its way
  const onTheWay = new Map<string, number>([
    ["getMessage", root.seq],
    ["listMessages", 8],
  ]);
  const { call } = server.api;
  server.api.call = async (name, input) => {
    const answer = await call(name, input);
    const seq = onTheWay.get(name);
    if (onTheWay.delete(name) && seq !== undefined) server.edit(id, seq, "edited on the way");
    return answer;
  };
  await store.aside.loadThread(id, root.id);
  const thread = () => {
    const state = store.getSnapshot().conversations.get(id);
    return state && [messageIn(state, root.id), ...repliesIn(state, root.id)];
  };
  const held = () => server.rooms.get(id)?.messages.filter(({ id, threadRootId }) => (threadRootId ?? id) === root.id);
  const newest = () => [...(held()?.slice(0, 1) ?? []), ...(held()?.slice(-5) ?? [])];
  await until(() => Bun.deepEquals(thread(), newest()));
  expect(thread()).toEqual(newest());
  await store.aside.loadThread(id, root.id);
  server.edit(id, 1, "the root, edited later");
  server.react(id, 3, other, "👍");
  server.write(id, other, "the newest reply", { threadRootId: root.id });
  await until(() => Bun.deepEquals(thread(), held()));
  expect(thread()).toEqual(held());
  await store.stop();
});

test("[L18] a message from long ago is shown among those around it, kept as it is, and reading on leads to the newest", async () => {
  const { server, store } = begin({ random: seeded(seed), share: 0 });
  const id = server.create();
  for (let seq = 1; seq <= 30; seq++) server.write(id, other, `Line ${seq}`);
  store.start();
  await until(() => store.getSnapshot().sync.status === "ready");
  const state = () => store.getSnapshot().conversations.get(id);
  const seqs = () => state()?.window?.messages.map(({ seq }) => seq);
  await store.history.loadEarlier(id);
  expect(await store.history.showAround(id, 31)).toBeUndefined();
  expect(state()?.window).toBeUndefined();
  expect((await store.history.showAround(id, 10))?.text).toBe("Line 10");
  expect(seqs()).toEqual([8, 9, 10, 11, 12]);
  server.edit(id, 11, "Edited");
  server.write(id, other, "News");
  await until(() => state()?.conversation.pts === 32);
  expect(state()?.window?.messages[3]?.text).toBe("Edited");
  expect(state()?.messages.map(({ seq }) => seq)).toEqual([26, 27, 28, 29, 30, 31]);
  await store.history.loadEarlier(id);
  expect(seqs()).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  await store.history.loadEarlier(id);
  expect(state()?.window?.isOldest).toBe(true);
  for (let page = 0; page < 5 && state()?.window !== undefined; page++) await store.history.loadLater(id);
  expect(state()).toMatchObject({ window: undefined, history: "complete" });
  expect(state()?.messages).toEqual(server.rooms.get(id)?.messages ?? []);
  await store.stop();
});

test("[L15] earlier messages are read until there is more of the main history", async () => {
  const { server, store } = begin({ random: seeded(seed), share: 0 });
  const id = server.create();
  const root = server.write(id, other, "root");
  // more than two pages
  for (let i = 0; i < 12; i++) server.write(id, other, `reply ${i}`, { threadRootId: root.id });
  store.start();
  await until(() => store.getSnapshot().sync.status === "ready");
  await store.history.loadEarlier(id);
  const { messages = [], history } = store.getSnapshot().conversations.get(id) ?? {};
  expect(messages.filter(({ threadRootId }) => threadRootId === undefined).map(({ text }) => text)).toEqual(["root"]);
  expect(history).toBe("complete");
  await store.stop();
});
