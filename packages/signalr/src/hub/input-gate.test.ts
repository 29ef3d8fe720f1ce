import { expect, test } from "bun:test";
import fc from "fast-check";
import { jsonProtocol } from "../protocol/json-protocol.ts";
import { type HubMessage, MessageType } from "../protocol/messages.ts";
import { systemClock } from "./clock.ts";
import { InputGate, type InputOwner } from "./input-gate.ts";
import { TurnBudget } from "./turn-budget.ts";

const limits = { maximumMessageSize: 1000, maximumDepth: 4 };

/** Has a gate only while there is something to hold, as a connection does, and holds at some messages, as a method does. */
class Owner implements InputOwner {
  readonly budget = new TurnBudget(systemClock);
  readonly largestFrame = 1024;
  gate: InputGate | null = null;
  readonly handled: string[] = [];
  readonly #holdAt: ReadonlySet<string>;
  isPaused = false;
  #holds = 0;

  constructor(holdAt: readonly string[]) {
    this.#holdAt = new Set(holdAt);
  }

  receive(chunk: string): void {
    this.#open().receive(chunk);
  }

  /** @param isShort whether the hold is over before anything more comes */
  hold(isShort: boolean): void {
    this.#holds++;
    this.#open().hold(true);
    const release = () => {
      this.#holds--;
      this.gate?.hold(false);
    };
    if (isShort) release();
    else setTimeout(release);
  }

  handle(message: HubMessage): boolean {
    if (message.type !== MessageType.invocation) throw new Error("Only invocations were sent.");
    if (this.#holds > 0) throw new Error("A message was handled while nobody wanted one.");
    this.handled.push(message.target);
    if (this.#holdAt.has(message.target)) this.hold(false);
    return true;
  }

  inputRead(): void {
    if (this.gate?.isIdle === true) this.gate = null;
  }

  inputFailed(error: unknown): void {
    throw error;
  }

  inputOverflowed(): void {
    throw new Error("Little was sent.");
  }

  pauseTransport(paused: boolean): void {
    this.isPaused = paused;
  }

  #open(): InputGate {
    this.gate ??= new InputGate(this, jsonProtocol.createReader(limits));
    return this.gate;
  }
}

test("[P1][D4] however a stream is cut and held, all of it is handled in order, and then no gate is left", async () => {
  const target = fc.integer({ min: 0, max: 30 }).map((index) => `m${index}`);
  const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom("go", "turn", "hold", "blink")), {
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(target, { maxLength: 12 }),
      cuts,
      fc.array(target, { maxLength: 6 }),
      async (...lives) => {
        const [targets, pieces, holdAt] = lives;
        const owner = new Owner(holdAt);
        let rest = targets.map((name) => `{"type":1,"target":"${name}","arguments":[]}\x1e`).join("");
        for (const [length, then] of pieces) {
          if (rest === "") break;
          owner.receive(rest.slice(0, length));
          rest = rest.slice(length);
          if (then === "hold" || then === "blink") owner.hold(then === "blink");
          if (then === "turn") await Bun.sleep(0);
        }
        if (rest !== "") owner.receive(rest);
        for (let turn = 0; turn < 500 && owner.gate !== null; turn++) await Bun.sleep(1);
        expect(owner.handled).toEqual(targets);
        expect([owner.gate, owner.isPaused]).toEqual([null, false]);
      },
    ),
    { numRuns: 150 },
  );
});
