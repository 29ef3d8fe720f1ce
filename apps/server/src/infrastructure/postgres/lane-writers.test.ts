import { afterAll, expect, test } from "bun:test";
import { type ConversationId, newConversationId } from "@hubbub/contract";
import { type Batch, Unavailable } from "../../ports/conversation-writer.ts";
import type { Tables } from "../../ports/database.ts";
import { openDatabase } from "./database.ts";
import { LaneWriters, type LaneWritersDeps } from "./lane-writers.ts";

/** A database that is not there. */
const nowhere = openDatabase<Tables>("postgres://nobody@127.0.0.1:1/none");
const conversationId = newConversationId();

afterAll(() => nowhere.close(0));

interface Item {
  readonly conversationId: ConversationId;
}

function newWriters(deps: Partial<LaneWritersDeps> = {}) {
  const errors: unknown[] = [];
  const reconciled: (readonly ConversationId[])[] = [];
  const writers = new LaneWriters({
    db: nowhere.writer.kysely,
    writers: 1,
    reconcile: async (conversations) => void reconciled.push(conversations),
    onError: (error) => errors.push(error),
    ...deps,
  });
  return { writers, errors, reconciled };
}

function batchOf(run: () => Promise<void>): Batch<Item, "done"> {
  return {
    most: 10,
    run: async (_, items) => {
      await run();
      return items.map(() => "done");
    },
    publish: () => undefined,
  };
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test("what one turn asks for is one batch, also of a writer that was idle; what comes meanwhile is the next", async () => {
  const { writers } = newWriters();
  const sizes: number[] = [];
  const held = Promise.withResolvers<void>();
  const send = writers.batched<Item, "done">({
    most: 10,
    run: async (_, items) => {
      sizes.push(items.length);
      await held.promise;
      return items.map(() => "done");
    },
    publish: () => undefined,
  });
  const callers = Array.from({ length: 8 }, () => send({ conversationId }));
  await Bun.sleep(10);
  callers.push(send({ conversationId }), send({ conversationId }));
  held.resolve();
  await Promise.all(callers);
  expect(sizes).toEqual([8, 2]);
  await writers.drain();
});

test("[L6] callers hear that it did not work in time, though the writer is held up for longer", async () => {
  const { writers } = newWriters({ patience: 300 });
  const held = Promise.withResolvers<void>();
  const send = writers.batched(batchOf(() => held.promise));
  const began = performance.now();
  const callers = [send({ conversationId }), send({ conversationId })];
  await Bun.sleep(10);
  callers.push(send({ conversationId })); // in the next batch
  const removal = writers.transaction({ conversationId, work: () => Promise.resolve(), publish: () => undefined });
  for (const caller of [...callers, removal]) expect(await rejection(caller)).toBeInstanceOf(Unavailable);
  expect(performance.now() - began).toBeLessThan(1_500);
  held.resolve();
  await writers.drain();
});

test("[L13] after a write of unknown outcome nothing is written until it is settled, however often that fails", async () => {
  let isAway = true;
  const steps: string[] = [];
  const { writers, errors } = newWriters({
    reconcile: async (conversations) => {
      steps.push(isAway ? "away" : `reconciled ${conversations.length}`);
      if (isAway) throw new Unavailable();
    },
  });
  const send = writers.batched(batchOf(async () => void steps.push("stored")));
  const removal = writers.transaction({ conversationId, work: () => Promise.resolve(), publish: () => undefined });
  const message = send({ conversationId }); // waits behind it
  expect(await rejection(removal)).toBeInstanceOf(Unavailable);
  await Bun.sleep(250);
  isAway = false;
  await message;
  expect(steps.filter((step) => step !== "away")).toEqual(["reconciled 1", "stored"]);
  expect(steps.length).toBeGreaterThan(2);
  expect(errors).toEqual([]);
});

test("a drain ends though the database is gone for good", async () => {
  const { writers } = newWriters({ reconcile: () => Promise.reject(new Unavailable()) });
  const removal = writers.transaction({ conversationId, work: () => Promise.resolve(), publish: () => undefined });
  expect(await rejection(removal)).toBeInstanceOf(Unavailable);
  await writers.drain();
});

test("a job that comes in the very moment in which the writer ends is done", async () => {
  const { writers } = newWriters();
  const send = writers.batched(batchOf(() => Promise.resolve()));
  for (let microtasks = 0; microtasks < 20; microtasks++) {
    await send({ conversationId });
    for (let waited = 0; waited < microtasks; waited++) await Promise.resolve();
    expect(await Promise.race([send({ conversationId }), Bun.sleep(1_000)])).toBe("done");
  }
});

test("a publish that throws is told as an error, and fails no caller", async () => {
  const { writers, errors } = newWriters();
  const publish = () => {
    throw new Error("publish");
  };
  const send = writers.batched({ ...batchOf(() => Promise.resolve()), publish });
  expect(await send({ conversationId })).toBe("done");
  await writers.drain();
  expect(errors).toEqual([new Error("publish")]);
});
