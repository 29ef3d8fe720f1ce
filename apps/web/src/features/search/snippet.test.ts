import { expect, test } from "bun:test";
import fc from "fast-check";
import { plainly, snippetOf } from "./snippet.ts";

test("a short text is shown whole, its hits apart", () => {
  expect(
    snippetOf("Tea at noon, tea at four", [
      { from: 0, to: 3 },
      { from: 13, to: 16 },
    ]),
  ).toEqual([
    { text: "Tea", isHit: true },
    { text: " at noon, ", isHit: false },
    { text: "tea", isHit: true },
    { text: " at four", isHit: false },
  ]);
  expect(snippetOf("<b>", [])).toEqual([{ text: "<b>", isHit: false }]);
});

test("of a long text the piece around the first hit is shown, in whole letters", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("🙂", "word ", "a"), { maxLength: 400 }), fc.nat(300), (letters, at) => {
      const text = `${letters.slice(0, at).join("")}HIT${letters.slice(at).join("")}`;
      const from = text.indexOf("HIT");
      const parts = snippetOf(text, [{ from, to: from + 3 }]);
      const shown = parts.map((part) => part.text).join("");
      expect(shown.isWellFormed()).toBe(true);
      expect(parts.filter(({ isHit }) => isHit)).toEqual([{ text: "HIT", isHit: true }]);
      expect(text).toContain(shown.replace(/^… /, "").replace(/ …$/, ""));
      expect(shown.length).toBeLessThan(300);
    }),
  );
});

/** What is shown of a text, its hits in brackets. */
function shown(text: string, word: string): string {
  const hits = [...text.matchAll(new RegExp(word, "g"))].map(({ index }) => ({ from: index, to: index + word.length }));
  const plain = plainly(text, hits);
  return snippetOf(plain.text, plain.highlights)
    .map((part) => (part.isHit ? `[${part.text}]` : part.text))
    .join("");
}

test.each([
  ["Buy **apples**, _apples_ and ~~apples~~", "Buy [apples], [apples] and [apples]"],
  ["> `apples` from [the apples shop](https://apples.example)", "[apples] from the [apples] shop"],
  ["**Two apples** 🍏 for snake_apples_case", "Two [apples] 🍏 for snake_[apples]_case"],
  ["It was ||the apples||, not pears", "It was ▇▇▇, not pears"],
  ["apples\\*", "[apples]*"],
])("%j found by its word is %j", (text, expected) => {
  expect(shown(text, "apples")).toBe(expected);
});

test("a hit that a mark divides is marked as a whole", () => {
  expect(snippetOf("", [])).toEqual([]);
  const { text, highlights } = plainly("ap**pl**es now", [{ from: 0, to: 10 }]);
  expect(snippetOf(text, highlights)).toEqual([
    { text: "apples", isHit: true },
    { text: " now", isHit: false },
  ]);
});
