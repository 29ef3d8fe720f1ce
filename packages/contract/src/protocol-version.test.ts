import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { z } from "zod";
import { chatEvents, notificationEvents, presenceEvents } from "./events/index.ts";
import type { HubMethodRow, HubOnlyRow, OperationRow } from "./operation.ts";
import { hubOnlyOperations } from "./operations/hub-only.ts";
import { operations } from "./operations/index.ts";
import { schemaHash } from "./protocol-version.ts";

function contractHash(): string {
  const schema = (type: z.ZodType, io: "input" | "output") => z.toJSONSchema(type, { io, unrepresentable: "any" });
  const method = ({ method: name, arguments: fields, output, on }: HubMethodRow) => [
    name,
    fields,
    schema(output, "output"),
    on,
  ];
  const table: [string, OperationRow][] = Object.entries(operations);
  const rows = table.map(([name, row]) => [
    name,
    row.kind,
    row.access,
    row.route,
    schema(row.input, "input"),
    schema(row.output, "output"),
    row.hub && method(row.hub),
  ]);
  const hubOnly: [string, HubOnlyRow][] = Object.entries(hubOnlyOperations);
  const hubRows = hubOnly.map(([name, { kind, input, hub }]) => [
    name,
    kind,
    schema(input, "input"),
    method(hub),
    hub.streams,
  ]);
  const events = [chatEvents, presenceEvents, notificationEvents].map((all) =>
    Object.entries(all).map(([name, payload]) => [name, schema(payload, "output")]),
  );
  return createHash("sha256")
    .update(JSON.stringify([rows, hubRows, events]))
    .digest("hex")
    .slice(0, 16);
}

test("a changed contract has a new protocol version and its hash pinned", () => {
  expect(contractHash()).toBe(schemaHash);
});
