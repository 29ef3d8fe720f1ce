import { expect, test } from "bun:test";
import { specCoverage } from "./spec-coverage.ts";

test("every rule of the subsystems and of the client has a test, but for those that wait for their feature", async () => {
  const { rules, untested, waiting } = await specCoverage();
  expect(rules.length).toBeGreaterThan(50);
  expect(new Set(rules).size).toBe(rules.length);
  expect(untested).toEqual(waiting);
});
