import { expect, test } from "bun:test";
import fc from "fast-check";
import { filterNames, formatQuery, parseQuery, withFilter } from "./search-query.ts";

test("filters are read wherever they stand, and words stay as they were typed", () => {
  expect(parseQuery('lunch From:anna "at noon" in:"Summer plans" has:link https://x.org/in:y')).toEqual({
    text: 'lunch "at noon" https://x.org/in:y',
    filters: { from: "anna", in: "Summer plans", has: "link" },
  });
  expect(parseQuery("from: in:#a in:#b")).toEqual({ text: "from:", filters: { in: "#b" } });
  expect(parseQuery('in:"open').filters).toEqual({ in: "open" });
  expect(parseQuery("   ")).toEqual({ text: "", filters: {} });
});

test("what is written is read again as the same", () => {
  const word = fc.stringMatching(/^[\p{L}\d#@.-]{1,12}$/u);
  const filters = fc.record(
    Object.fromEntries(
      filterNames.map((name) => [name, fc.array(word, { minLength: 1, maxLength: 3 }).map((all) => all.join(" "))]),
    ),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), filters, (words, chosen) => {
      const query = { text: words.join(" "), filters: chosen };
      expect(parseQuery(formatQuery(query))).toEqual(query);
    }),
  );
  const query = parseQuery("tea from:anna");
  expect(formatQuery(withFilter(query, "from", undefined))).toBe("tea");
  expect(formatQuery(withFilter(query, "in", "Summer plans"))).toBe('tea from:anna in:"Summer plans"');
});
