import { afterAll, expect, test } from "bun:test";
import { sql } from "kysely";
import { createTestDatabase } from "../../testing/database.ts";
import { ScheduledJobs } from "./scheduled-jobs.ts";

const store = await createTestDatabase();
afterAll(() => store.drop());

const errors: unknown[] = [];

test("of many nodes one does a job, and not before the next day again", async () => {
  const db = store.database.writer.kysely;
  const runs: string[] = [];
  const nodes = ["a", "b", "c", "d"].map((node) => {
    const job = (name: string) => ({ name, run: async () => void runs.push(`${name} by ${node}`) });
    const jobs = new ScheduledJobs({ db, onError: (error) => runs.push(String(error)) });
    jobs.register([job("sweep"), job("count")]);
    return jobs;
  });
  const everyone = () => Promise.all(nodes.map((node) => node.runDue()));
  const names = () => runs.map((run) => run.slice(0, 5)).toSorted();
  await everyone();
  await everyone();
  expect(names()).toEqual(["count", "sweep"]);
  await sql`update jobs set ran_at = ran_at - interval '1 day' where name = 'sweep'`.execute(db);
  await everyone();
  expect(names()).toEqual(["count", "sweep", "sweep"]);
});

test("a job has turns of its own length; one that runs is not begun again, until it counts as dead", async () => {
  const db = store.database.writer.kysely;
  let runs = 0;
  const gate = Promise.withResolvers<void>();
  const jobs = new ScheduledJobs({ db, onError: (error) => errors.push(error) });
  jobs.register([
    { name: "often", everyMinutes: 30, run: async () => void (await (runs++ === 0 ? gate.promise : undefined)) },
  ]);
  const ran = (minutesAgo: number) =>
    sql`update jobs set ran_at = now() - make_interval(mins => ${minutesAgo}) where name = 'often'`.execute(db);
  const first = jobs.runDue();
  while (runs === 0) await Bun.sleep(1);
  await ran(31);
  await jobs.runDue();
  expect(await jobs.runNow("often")).toBe("running");
  expect(runs).toBe(1);
  await ran(301); // its node died, for all that anybody knows
  await jobs.runDue();
  expect(runs).toBe(2);
  gate.resolve();
  await first;
  await ran(29);
  await jobs.runDue();
  expect(runs).toBe(2);
  await ran(31);
  await jobs.runDue();
  expect(runs).toBe(3);
});

test("a long job does not hold up another one, and the end of the server waits for it", async () => {
  const db = store.database.writer.kysely;
  const ended: string[] = [];
  const jobs = new ScheduledJobs({ db, onError: (error) => errors.push(error) });
  const begun = Promise.withResolvers<void>();
  const short = Promise.withResolvers<void>();
  jobs.register([
    {
      name: "long",
      run: async (signal) => {
        begun.resolve();
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        ended.push("long");
      },
    },
    { name: "short", everyMinutes: 1, run: async () => short.resolve() },
  ]);
  jobs.start();
  await Promise.all([begun.promise, short.promise]);
  await jobs.stop();
  expect(ended).toEqual(["long"]);
  expect(errors).toEqual([]);
});
