import { expect, test } from "bun:test";
import { Unavailable } from "../ports/conversation-writer.ts";
import { gathered } from "./gathered.ts";

interface Item {
  readonly n: number;
  readonly weight?: number;
}

/** Runs that end when they are told to. */
function runner() {
  const runs: { readonly items: readonly Item[]; readonly end: (error?: Error) => void }[] = [];
  const run = (items: readonly Item[]): Promise<{ n: number }[]> =>
    new Promise((resolve, reject) => {
      const end = (error?: Error) =>
        error === undefined ? resolve(items.map(({ n }) => ({ n: n * 10 }))) : reject(error);
      runs.push({ items, end });
    });
  return { runs, run };
}

const weigh = ({ weight = 1 }: Item) => weight;
const numbers = (items: readonly Item[] = []) => items.map(({ n }) => n);

test("who asks alone is answered at once; who asks meanwhile is answered together, as far as a run may weigh", async () => {
  const { runs, run } = runner();
  const ask = gathered(run, { atOnce: 1, weigh, most: 4 });
  const answers = [1, 2, 3, 4].map((n) => ask({ n }));
  const heavy = ask({ n: 5, weight: 9 });
  expect(runs.map(({ items }) => numbers(items))).toEqual([[1]]);
  runs[0]?.end();
  expect(await answers[0]).toEqual({ n: 10 });
  await Bun.sleep(0);
  expect(numbers(runs[1]?.items)).toEqual([2, 3, 4]);
  runs[1]?.end();
  expect(await Promise.all(answers)).toEqual([{ n: 10 }, { n: 20 }, { n: 30 }, { n: 40 }]);
  await Bun.sleep(0);
  expect(numbers(runs[2]?.items)).toEqual([5]);
  runs[2]?.end();
  expect(await heavy).toEqual({ n: 50 });
});

test("the fault of one is their own", async () => {
  const failing = async (items: readonly Item[]) => {
    await Promise.resolve();
    if (items.some(({ n }) => n === 3)) throw new Error("3 is bad");
    return items;
  };
  const ask = gathered(failing, { atOnce: 1, weigh, most: 100 });
  const settled = await Promise.allSettled([1, 2, 3, 4].map((n) => ask({ n })));
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
});

test("while the database is away nobody asks it again for each", async () => {
  const { runs, run } = runner();
  const ask = gathered(run, { atOnce: 1, weigh, most: 100 });
  const asked = Promise.allSettled([1, 2, 3].map((n) => ask({ n })));
  runs[0]?.end();
  await Bun.sleep(0);
  runs[1]?.end(new Unavailable());
  expect((await asked).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  expect(runs).toHaveLength(2);
});
