import { expect, test } from "bun:test";
import { ManualClock, ManualTurns } from "../testing/manual-time.ts";
import { TurnBudget } from "./turn-budget.ts";

function setup() {
  const clock = new ManualClock();
  const turns = new ManualTurns();
  const budget = new TurnBudget(clock, turns.endOfTurn);
  const requests = new TurnBudget(clock, turns.endOfTurn);
  const done: string[] = [];
  const work = (name: string) => {
    done.push(name);
    clock.advance(0.2);
  };
  return {
    requests,
    request(name: string) {
      const admitted = requests.admit();
      if (admitted === undefined) work(name);
      else void admitted.then(() => work(name));
    },
    connection(name: string, pieces: number) {
      let left = pieces;
      const goOn = () => {
        work(name);
        return --left > 0;
      };
      budget.wait({ goOn });
    },
    /** @returns what was done in each of the next turns */
    async turns(count: number) {
      const seen: string[] = [];
      for (let turn = 0; turn < count; turn++) {
        for (let round = 0; round < 50; round++) await Promise.resolve();
        seen.push(done.splice(0).join(""));
        turns.end();
      }
      return seen;
    },
  };
}

test("[X3] a crowd of requests comes in by parts, in order, and others have their turns in between", async () => {
  const { request, turns, requests } = setup();
  for (const name of "01234567") request(name);
  expect(await turns(4)).toEqual(["012", "3456", "7", ""]);
  expect(requests.admit()).toBeUndefined();
});

test("[X3][X4] neither a crowd of requests nor one of connections holds up the other", async () => {
  const { request, connection, turns } = setup();
  for (const name of "01234567") request(name);
  connection("a", 2);
  const [crowd = ""] = await turns(4);
  expect(crowd).toContain("a");
  for (const name of "abcdefgh") connection(name, 5);
  request("1");
  const [flood = ""] = await turns(20);
  expect(flood).toContain("1");
});
