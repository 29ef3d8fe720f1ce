import { expect, test } from "bun:test";
import fc from "fast-check";
import { jsonProtocol } from "./json-protocol.ts";
import { isTextWithinDepth, isWithinDepth } from "./json-value.ts";

test("[P4] the depth of a text is that of its value, whatever its strings hold", () => {
  const strings = fc.string({ unit: fc.constantFrom("[", "]", "{", "}", '"', "\\", "a", "👋") });
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      strings,
      fc.integer(),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(strings, tie("value"), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(value, fc.nat(6), (any, levels) => {
      expect(isTextWithinDepth(JSON.stringify(any), levels)).toBe(isWithinDepth(any, levels));
    }),
    { numRuns: 1000 },
  );
});

test("[P4] messages small and large are refused for their depth, and only for that", () => {
  const read = (text: string) => [
    ...jsonProtocol.createReader({ maximumMessageSize: 100_000, maximumDepth: 16 }).read(`${text}\x1e`),
  ];
  for (const padding of ["", "[".repeat(5000)]) {
    const message = (levels: number) =>
      `{"type":1,"target":"a","arguments":[${"[".repeat(levels)}"${padding}"${"]".repeat(levels)}]}`;
    expect(read(message(14))).toHaveLength(1);
    expect(() => read(message(15))).toThrow("A message is nested deeper than 16 levels.");
  }
});
