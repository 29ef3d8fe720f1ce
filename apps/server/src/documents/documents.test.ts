import { expect, test } from "bun:test";
import {
  chatEventNames,
  errors,
  eventSummaries,
  type HubName,
  type HubOnlyRow,
  hubOnlyOperations,
  notificationEvents,
  type OperationRow,
  operations,
  presenceEvents,
} from "@hubbub/contract";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { asyncApi } from "./asyncapi.ts";
import { openApi } from "./openapi.ts";
import { referencePage } from "./reference-page.ts";
import { documentRoutes } from "./routes.ts";

const rows = Object.entries<OperationRow>(operations);

/** Where each `$ref` of a document points. */
function danglingReferences(document: object): string[] {
  const text = JSON.stringify(document);
  return [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].flatMap(([, path = ""]) => {
    let place: unknown = document;
    for (const key of path.split("/")) place = place instanceof Object ? Reflect.get(place, key) : undefined;
    return place === undefined ? [path] : [];
  });
}

test("the OpenAPI document is valid and has every route of the table, and no other", async () => {
  const document = openApi();
  const judged = await new Validator().validate(structuredClone(document));
  expect(judged.errors ?? []).toEqual([]);
  expect(judged.valid).toBe(true);
  expect(danglingReferences(document)).toEqual([]);
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.toSorted()).toEqual(rows.map(([, { route }]) => `${route.method} ${route.path}`).toSorted());
});

test("the AsyncAPI document is valid and has every hub method and every event, and no other", async () => {
  const document = asyncApi(new URL("https://chat.example"));
  const { default: schema } = await import("@asyncapi/specs/schemas/3.0.0-without-$id.json", {
    with: { type: "json" },
  });
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  expect(ajv.validate(schema, document) ? [] : ajv.errors).toEqual([]);
  expect(danglingReferences(document)).toEqual([]);
  const offered = [...Object.values<OperationRow>(operations), ...Object.values<HubOnlyRow>(hubOnlyOperations)].flatMap(
    ({ hub }) => hub ?? [],
  );
  const on = (name: HubName) =>
    offered.filter((hub) => (hub.on ?? ["chat"]).includes(name)).map(({ method }) => method);
  const expected = [
    ...[...on("chat"), ...chatEventNames],
    ...[...on("presence"), ...Object.keys(presenceEvents)].map((name) => `presence.${name}`),
    ...[...on("notifications"), ...Object.keys(notificationEvents)].map((name) => `notifications.${name}`),
  ];
  expect(Object.keys(document.operations).toSorted()).toEqual(expected.toSorted());
});

test("the reference page has a place for every operation, event and error, and says each summary", async () => {
  const page = String(await referencePage());
  const others = [hubOnlyOperations, eventSummaries, errors].flatMap(Object.keys);
  for (const id of [...rows.map(([name]) => name), ...others]) expect(page).toContain(`<article id="${id}">`);
  for (const [, { summary }] of rows) expect(summary).toMatch(/^[A-Z].*\.$/);
  expect(page).not.toMatch(/<script|<[^>]+ (style|on\w+)=|undefined|\[object/);
});

test("the documents are served, also to a request without a proper Host", async () => {
  const routes = documentRoutes(undefined);
  for (const path of ["/openapi.json", "/asyncapi.json", "/docs", "/docs/style.css"]) {
    const answer = await routes.request(`http://localhost${path}`);
    expect([path, answer.status]).toEqual([path, 200]);
  }
  const page = await routes.request("http://localhost/docs");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
});
