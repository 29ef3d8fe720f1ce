import { expect, test } from "bun:test";
import { z } from "zod";
import type { HubName } from "../hub-name.ts";
import type { HubMethodRow, HubOnlyRow, OperationRow } from "../operation.ts";
import { hubOnlyOperations } from "./hub-only.ts";
import { operations } from "./index.ts";

const rows: [string, OperationRow][] = Object.entries(operations);
const hubOnlyRows: [string, HubOnlyRow][] = Object.entries(hubOnlyOperations);
const methods = [...rows, ...hubOnlyRows].flatMap(([name, { input, hub }]): [string, z.ZodType, HubMethodRow][] =>
  hub === undefined ? [] : [[name, input, hub]],
);

test("the operations that need no account are exactly these", () => {
  expect(rows.filter(([, row]) => row.access === "public").map(([name]) => name)).toEqual([
    "register",
    "login",
    "finishLogin",
    "refresh",
    "forgotPassword",
    "resetPassword",
    "verifyEmail",
    "startPasskeyLogin",
    "loginWithPasskey",
    "listProviders",
    "signInWithGoogle",
    "startOidc",
    "finishOidc",
  ]);
});

test.each(rows)("%s: its path's parts are fields of its input, and unknown fields are refused", (_name, row) => {
  const schema = z.toJSONSchema(row.input, { io: "input", unrepresentable: "any" });
  const parts = [...row.route.path.matchAll(/\{(\w+)\}/g)].map(([, part]) => part ?? "");
  expect(Object.keys(schema.properties ?? {})).toEqual(expect.arrayContaining(parts));
  expect(schema.additionalProperties).toBe(false);
});

test.each(hubOnlyRows)("%s: unknown fields are refused", (_name, { input }) => {
  const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  expect(schema.additionalProperties).toBe(false);
});

test.each(methods.filter(([, , hub]) => hub.arguments !== undefined))(
  "%s: its hub method's arguments are exactly the fields of its input",
  (_name, input, hub) => {
    const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
    expect(Object.keys(schema.properties ?? {}).toSorted()).toEqual([...(hub.arguments ?? [])].toSorted());
  },
);

test("the presence hub offers presence and status alone, and the notifications hub nothing", () => {
  const on = (hub: HubName) => methods.filter(([, , row]) => row.on?.includes(hub)).map(([name]) => name);
  expect(on("presence")).toEqual(["updateStatus", "watchPresence", "unwatchPresence"]);
  expect(on("notifications")).toEqual([]);
});

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
  const names = methods.map(([, , { method }]) => method.toLowerCase());
  expect(new Set(routes).size).toBe(routes.length);
  expect(new Set(names).size).toBe(names.length);
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
