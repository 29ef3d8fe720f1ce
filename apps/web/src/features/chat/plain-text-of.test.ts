import { expect, test } from "bun:test";
import { plainTextOf, unmarked } from "./plain-text-of.ts";

test.each([
  ["Who brings **cake**, _please_, or ~~not~~?", "Who brings cake, please, or not?"],
  ["***all*** of `a * b * c` and [a link](https://example.org)", "all of a * b * c and a link"],
  ["```ts\nconst a = 1;\n```", "const a = 1;\n"],
  ["> quoted\n> twice", "quoted\ntwice"],
  ["2 * 3 * 4 = 24, snake_case_name, a_b", "2 * 3 * 4 = 24, snake_case_name, a_b"],
  ["\\*not emphasis\\*", "*not emphasis*"],
])("%j in passing is %j", (text, plain) => {
  expect(plainTextOf(text)).toBe(plain);
});

test("a spoiler is not told in passing", () => {
  expect(plainTextOf("It was ||the **gardener**||.")).toBe("It was ▇▇▇.");
});

test("a hostile text as long as one may be takes no time", () => {
  const begun = performance.now();
  for (const part of ["*", "_", "**a", "||a", "[", "`", "> ", "~~", "\\"]) unmarked(part.repeat(16_384 / part.length));
  expect(performance.now() - begun).toBeLessThan(200);
});
