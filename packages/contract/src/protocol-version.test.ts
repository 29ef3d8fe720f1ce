import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { z } from "zod";
import { chatEvents } from "./events/index.ts";
import type { OperationRow } from "./operation.ts";
import { operations } from "./operations/index.ts";
import { schemaHash } from "./protocol-version.ts";

function contractHash(): string {
  const schema = (type: z.ZodType, io: "input" | "output") => z.toJSONSchema(type, { io, unrepresentable: "any" });
  const table: [string, OperationRow][] = Object.entries(operations);
  const rows = table.map(([name, row]) => [
    name,
    row.kind,
    row.access,
    row.route,
    schema(row.input, "input"),
    schema(row.output, "output"),
    row.hub && [row.hub.method, row.hub.arguments, schema(row.hub.output, "output")],
  ]);
  const events = Object.entries(chatEvents).map(([name, payload]) => [name, schema(payload, "output")]);
  return createHash("sha256")
    .update(JSON.stringify([rows, events]))
    .digest("hex")
    .slice(0, 16);
}

test("a changed contract has a new protocol version and its hash pinned", () => {
  expect(contractHash()).toBe(schemaHash);
});
