import { expect, test } from "bun:test";
import { Histogram } from "./histogram.ts";

test("every quantile is within 0.8 % of the exact one, over seven orders of magnitude", () => {
  const values = Array.from({ length: 20_000 }, (_, index) => 1.0008 ** index / 1000);
  const histogram = new Histogram();
  for (const value of values.toReversed()) histogram.record(value);
  for (const quantile of [0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1]) {
    const exact = values[Math.ceil(quantile * values.length) - 1] ?? 0;
    // whole microseconds are the other limit of precision
    expect(Math.abs(histogram.quantile(quantile) - exact)).toBeLessThanOrEqual(exact * 0.008 + 0.001);
  }
  expect(histogram.percentiles().count).toBe(values.length);
});

test("an empty histogram has percentiles of zero", () => {
  expect(new Histogram().percentiles()).toEqual({ count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
});
