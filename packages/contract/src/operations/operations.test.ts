import { expect, test } from "bun:test";
import { z } from "zod";
import type { OperationRow } from "../operation.ts";
import { operations } from "./index.ts";

const rows: [string, OperationRow][] = Object.entries(operations);

test("the operations that need no account are exactly these", () => {
  expect(rows.filter(([, row]) => row.access === "public").map(([name]) => name)).toEqual([
    "register",
    "login",
    "refresh",
  ]);
});

test.each(rows)("%s: its path's parts are fields of its input, and unknown fields are refused", (_name, row) => {
  const schema = z.toJSONSchema(row.input, { io: "input", unrepresentable: "any" });
  const parts = [...row.route.path.matchAll(/\{(\w+)\}/g)].map(([, part]) => part ?? "");
  expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining(parts));
  expect(schema.additionalProperties).toBe(false);
});

test.each(rows.filter(([, { hub }]) => hub?.arguments !== undefined))(
  "%s: its hub method's arguments are exactly the fields of its input",
  (_name, row) => {
    const schema = z.toJSONSchema(row.input, { io: "input", unrepresentable: "any" });
    expect(Object.keys(schema.properties ?? {}).toSorted()).toEqual([...(row.hub?.arguments ?? [])].toSorted());
  },
);

test("a reaction is exactly one emoji, in one spelling", () => {
  const { emoji } = operations.react.input.shape;
  for (const one of ["👍", "👍🏽", "❤️", "1️⃣", "🇩🇪", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]) expect(emoji.parse(one)).toBe(one);
  expect(emoji.parse("❤")).toBe("❤️");
  for (const none of [
    "",
    "a",
    "1",
    "👍👍",
    "👍 ",
    "🇽🇽",
    "\u200d",
    "👍\u200d",
    "\ufe0f",
    "\ud83d",
    "é".repeat(100),
    7,
    null,
  ])
    expect(emoji.safeParse(none).success).toBe(false);
});

test("no two operations share a route or a hub method", () => {
  const routes = rows.map(([, row]) => `${row.route.method} ${row.route.path}`);
  const methods = rows.flatMap(([, row]) => (row.hub ? [row.hub.method.toLowerCase()] : []));
  expect(new Set(routes).size).toBe(routes.length);
  expect(new Set(methods).size).toBe(methods.length);
});

test("text that PostgreSQL cannot store is refused at the edge [L4]", () => {
  const base = { conversationId: crypto.randomUUID(), clientMessageId: crypto.randomUUID() };
  const accepts = (text: unknown) => operations.sendMessage.input.safeParse({ ...base, text }).success;
  expect(accepts("É 👋")).toBe(true);
  expect(accepts("a\0b")).toBe(false);
  expect(accepts("a\ud800b")).toBe(false);
  expect(accepts(" \n ")).toBe(false);
  expect(accepts("é".repeat(8192))).toBe(true);
  expect(accepts(`${"é".repeat(8192)}x`)).toBe(false);
  expect(accepts({ $gt: "" })).toBe(false);
});
