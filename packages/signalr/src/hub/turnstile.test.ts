import { expect, test } from "bun:test";
import { ManualClock, ManualTurns } from "../testing/manual-time.ts";
import { TurnBudget } from "./turn-budget.ts";
import { Turnstile } from "./turnstile.ts";

test("[X3] a crowd comes in by parts, in order, and others have their turns in between", async () => {
  const clock = new ManualClock();
  const turns = new ManualTurns();
  const turnstile = new Turnstile(new TurnBudget(clock, turns.endOfTurn));
  let let_in = "";
  for (let index = 0; index < 8; index++) {
    const entered = turnstile.enter();
    const comeIn = () => {
      let_in += index;
      clock.advance(0.2);
    };
    if (entered === undefined) comeIn();
    else void entered.then(comeIn);
  }
  const seen: string[] = [];
  for (let turn = 0; turn < 4; turn++) {
    for (let round = 0; round < 50; round++) await Promise.resolve();
    seen.push(let_in);
    let_in = "";
    turns.end();
  }
  expect(seen).toEqual(["012", "3456", "7", ""]);
  expect(turnstile.enter()).toBeUndefined();
});
