import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { attacks } from "./attacks/index.ts";
import { type AttackedServer, allowedGrowth, type Runtime, startServer } from "./run-attack.ts";

const seconds = Number(process.env["HOSTILE_SECONDS"] ?? 1);
/** Milliseconds half of the echoes may take: what the slowest take depends on what else the machine does. */
const allowedLatency = 1_000;
/** Megabytes for which an attack may be paid while it lasts. */
const allowedPeak = 200;

/** What every runtime stands: each attack alone, on a server that has stood those before. */
export function attackContract(runtime: Runtime): void {
  setDefaultTimeout((seconds + 15) * 1000);
  describe(runtime, () => {
    let server: AttackedServer;
    beforeAll(async () => {
      server = await startServer(runtime);
    });
    // The server ends by itself and well, or this fails.
    afterAll(() => server.stop());
    for (const attack of attacks) {
      test(`[X1]${attack.rules} ${attack.title}`, async () => {
        const result = await server.attack(attack, seconds);
        expect(Object.keys(result.outcomes)).not.toBeEmpty();
        for (const outcome of Object.keys(result.outcomes)) expect(attack.outcomes).toContain(outcome);
        expect(result.left).toBe(0);
        expect(result.during.p50).toBeLessThan(Math.max(10 * result.before.p50, allowedLatency));
        expect(result.grown).toBeLessThan(allowedGrowth);
        expect(result.peak).toBeLessThan(allowedPeak);
      });
    }
  });
}
