import { expect, test } from "bun:test";
import { matchScore } from "./match-score.ts";

const order = (typed: string, names: readonly string[]): readonly string[] =>
  names
    .flatMap((name) => {
      const score = matchScore(typed, name);
      return score === undefined ? [] : [{ name, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ name }) => name);

test("beginnings come before beginnings of words, parts and letters in their order", () => {
  const names = ["The planning", "Marina Lund", "Plan", "Plans for summer", "Explain", "Papa Lima", "Zebra"];
  expect(order("plan", names)).toEqual(["Plan", "Plans for summer", "The planning", "Explain"]);
  expect(order("sum pla", names)).toEqual(["Plans for summer"]);
  expect(order("mlu", names)).toEqual(["Marina Lund"]);
  expect(order("", names)).toEqual(names);
});

test("case and accents do not count, and other scripts are found too", () => {
  expect(order("elodie", ["Élodie Dubois"])).toHaveLength(1);
  expect(order("ÉLO", ["Elodie"])).toHaveLength(1);
  expect(order("会議", ["定例会議"])).toEqual(["定例会議"]);
  expect(order("xyz", ["Élodie"])).toEqual([]);
});
