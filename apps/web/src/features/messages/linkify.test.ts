import { expect, test } from "bun:test";
import fc from "fast-check";
import { linkify } from "./linkify.ts";

const links = (text: string) => linkify(text).flatMap(({ href }) => href ?? []);

test("addresses become links, the sentence around them does not", () => {
  expect(links("See https://a.example/x?y=1#z, or (http://b.example/w_(v)).")).toEqual([
    "https://a.example/x?y=1#z",
    "http://b.example/w_(v)",
  ]);
});

test("nothing but http and https is ever a link", () => {
  for (const text of [
    "javascript:alert(1)",
    "data:text/html,<b>",
    "ftp://a.example",
    "https://",
    "xhttps:/a",
    "file:///etc/passwd",
  ])
    expect(links(text)).toEqual([]);
});

test("the parts together are the text, whatever it is, and 100 kB take no time", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."htps:/().,[] a\n<") }), (text) => {
      const parts = linkify(text);
      expect(parts.map((part) => part.text).join("")).toBe(text);
      for (const { href } of parts) if (href !== undefined) expect(href).toMatch(/^https?:\/\//i);
    }),
  );
  const begun = performance.now();
  linkify(`https://a.example/${")".repeat(10_000)} ${"https://".repeat(11_000)}`);
  expect(performance.now() - begun).toBeLessThan(1000);
});
