import { expect, test } from "bun:test";
import fc from "fast-check";
import { ManualClock } from "../testing/manual-time.ts";
import { TimerWheel } from "./timer-wheel.ts";

test("[T4] everything waits on one timer, is never early and at most two ticks late, and the timer stops", () => {
  const delays = fc.array(fc.tuple(fc.nat(2000), fc.nat(9000)), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(delays, (waits) => {
      const clock = new ManualClock();
      const wheel = new TimerWheel(clock, 100, 10_000);
      let fired = 0;
      for (const [pause, delay] of waits) {
        clock.advance(pause);
        const due = clock.now() + delay;
        const onTimer = () => {
          fired++;
          expect(clock.now()).toBeGreaterThanOrEqual(due);
          expect(clock.now()).toBeLessThanOrEqual(due + 200);
          return null;
        };
        wheel.schedule({ onTimer }, delay);
        expect(clock.timers).toBe(1);
      }
      clock.advance(20_000);
      expect([fired, clock.timers]).toEqual([waits.length, 0]);
    }),
  );
});

test("[T4] an item says when it wants to be called again", () => {
  const clock = new ManualClock();
  const wheel = new TimerWheel(clock, 100, 1000);
  const calls: number[] = [];
  wheel.schedule(
    {
      onTimer(now) {
        calls.push(now);
        return calls.length < 3 ? 500 : null;
      },
    },
    300,
  );
  clock.advance(5000);
  expect(calls).toHaveLength(3);
  expect(clock.timers).toBe(0);
});

test("[T4] a crowd that is due at once is looked at in parts, and others have their turns in between", async () => {
  let now = 0;
  const ticks: (() => void)[] = [];
  const clock = {
    now: () => now,
    repeat(_milliseconds: number, task: () => void) {
      ticks.push(task, task);
      return () => undefined;
    },
  };
  const wheel = new TimerWheel(clock, 100, 1000);
  const seen: string[] = [];
  for (let index = 0; index < 8; index++) {
    wheel.schedule(
      {
        onTimer() {
          seen.push(String(index));
          now += 0.2;
          return null;
        },
      },
      50,
    );
  }
  for (const tick of ticks) tick();
  for (let turn = 0; turn < 4; turn++) {
    seen.push("|");
    await new Promise(setImmediate);
  }
  expect(seen.join("")).toBe("012|345|67||");
});
