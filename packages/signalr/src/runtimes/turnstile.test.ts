import { expect, test } from "bun:test";
import { Turnstile } from "./turnstile.ts";

test("[X3] a crowd comes in by parts, in order, and others have their turns in between", async () => {
  const turnstile = new Turnstile(4);
  const turns: string[] = [];
  const others = (async () => {
    for (let turn = 0; turn < 4; turn++) {
      await new Promise(setImmediate);
      turns.push("|");
    }
  })();
  const crowd = Array.from({ length: 10 }, async (_, index) => {
    await turnstile.enter();
    turns.push(String(index));
  });
  await Promise.all([others, ...crowd]);
  expect(turns.join("")).toBe("0123|4567|89||");
  expect(turnstile.enter()).toBeUndefined();
});
