import { afterAll, expect, test } from "bun:test";
import { sql } from "kysely";
import { createTestDatabase } from "../../testing/database.ts";
import { ScheduledJobs } from "./scheduled-jobs.ts";

const store = await createTestDatabase();
afterAll(() => store.drop());

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
