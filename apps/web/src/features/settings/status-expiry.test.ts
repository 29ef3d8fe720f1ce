import { expect, test } from "bun:test";
import { expiryOf } from "./status-expiry.ts";

test("a status ends after its time, today's at midnight, one without an end never", () => {
  const now = new Date(2026, 11, 31, 23, 50);
  expect(expiryOf("never", now)).toBeUndefined();
  expect(expiryOf("halfHour", now)).toEqual(new Date(2027, 0, 1, 0, 20));
  expect(expiryOf("hour", now)).toEqual(new Date(2027, 0, 1, 0, 50));
  expect(expiryOf("fourHours", now)).toEqual(new Date(2027, 0, 1, 3, 50));
  expect(expiryOf("today", now)).toEqual(new Date(2027, 0, 1));
});
