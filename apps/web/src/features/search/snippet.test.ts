import { expect, test } from "bun:test";
import fc from "fast-check";
import { snippetOf } from "./snippet.ts";

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
