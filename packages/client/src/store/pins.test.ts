import { expect, test } from "bun:test";
import { begin, other, seeded, until } from "../testing/simulated-browser.ts";
import { pinsIn } from "./pins.ts";

test("[L18] the pinned messages that were read stay as the server has them, however far they are", async () => {
  const { server, store } = begin({ random: seeded(1), share: 0 });
  const id = server.create();
  for (let seq = 1; seq <= 20; seq++) server.write(id, other, `Line ${seq}`);
  server.pin(id, 2);
  store.start();
  await until(() => store.getSnapshot().sync.status === "ready");
  await store.history.loadEarlier(id);
  const texts = () => {
    const state = store.getSnapshot().conversations.get(id);
    return state && pinsIn(state)?.map(({ text }) => text);
  };
  const load = store.aside.loadPins(id);
  // while the list is on its way
  server.pin(id, 5);
  await load;
  await until(() => texts()?.length === 2);
  expect(texts()).toEqual(["Line 5", "Line 2"]);
  server.pin(id, 3);
  server.pin(id, 18);
  await until(() => texts()?.length === 4);
  expect(texts()).toEqual(["Line 18", "Line 5", "Line 3", "Line 2"]);
  // one that was seen among others from long ago, which are left again
  await store.history.showAround(id, 9);
  server.pin(id, 9);
  await until(() => texts()?.length === 5);
  store.history.showNewest(id);
  expect(texts()).toEqual(["Line 18", "Line 9", "Line 5", "Line 3", "Line 2"]);
  server.pin(id, 9);
  await until(() => texts()?.length === 4);
  server.edit(id, 3, "Edited");
  server.pin(id, 5);
  server.delete(id, 2);
  await until(() => texts()?.length === 2);
  expect(texts()).toEqual(["Line 18", "Edited"]);
  await store.stop();
});
