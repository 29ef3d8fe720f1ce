import { expect, test } from "bun:test";
import { specCoverage } from "../src/testing/spec-coverage.ts";

test("every rule of SPEC.md has a test, and tests cite no other", async () => {
  const { rules, untested, unknown } = await specCoverage(`${import.meta.dir}/..`);
  expect(rules.length).toBeGreaterThan(40);
  expect(new Set(rules).size).toBe(rules.length);
  expect({ untested, unknown }).toEqual({ untested: [], unknown: [] });
});
