import { errors, type OperationRow, operations, problem, protocolVersion } from "@hubbub/contract";
import { groupOf } from "./groups.ts";
import { type JsonSchema, namedSchemas, schemaOf } from "./schemas.ts";

const JSON_BODY = "application/json";

/** Every REST route as OpenAPI 3.1. */
export function openApi() {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, row] of Object.entries<OperationRow>(operations)) {
    const { path, method } = row.route;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(name, row) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Hubbub",
      version: String(protocolVersion),
      description:
        "Real-time chat. What REST offers the hubs offer too, and what happens is pushed there: see `/asyncapi.json`. " +
        `A failure is a problem document (RFC 9457) with one of these codes: ${Object.keys(errors).join(", ")}.`,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/api/v1" }],
    tags: [...new Set(Object.values<OperationRow>(operations).map(groupOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: namedSchemas(),
      securitySchemes: { accessToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
      responses: {
        Problem: {
          description: "It failed, and changed nothing.",
          content: { "application/problem+json": { schema: schemaOf(problem, "output") } },
        },
      },
    },
  };
}

function describe(name: string, row: OperationRow): object {
  const { method, path, status } = row.route;
  const input = schemaOf(row.input, "input");
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, field = ""]) => field);
  const rest = without(input, inPath);
  const hasBody = method !== "GET" && hasFields(rest);
  return {
    operationId: name,
    tags: [groupOf(row)],
    summary: row.summary,
    ...(row.hub !== undefined && { description: `The hub's method \`${row.hub.method}\` does the same.` }),
    security: row.access === "public" ? [] : [{ accessToken: [] }],
    parameters: [
      ...inPath.map((field) => ({ name: field, in: "path", required: true, schema: property(input, field) })),
      ...(hasBody ? [] : queryParameters(rest)),
    ],
    ...(hasBody && { requestBody: { required: method !== "DELETE", content: { [JSON_BODY]: { schema: rest } } } }),
    responses: {
      [status]: answerOf(row),
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

function answerOf({ route, output }: OperationRow): object {
  switch (route.status) {
    case 200:
    case 201:
    case 202:
      return { description: "Done.", content: { [JSON_BODY]: { schema: schemaOf(output, "output") } } };
    case 204:
      return { description: "Done." };
    case 302:
      return { description: "Sends the browser on.", headers: { Location: { schema: { type: "string" } } } };
    default:
      return route.status satisfies never;
  }
}

function queryParameters(input: JsonSchema): object[] {
  return Object.entries(input.properties ?? {}).map(([name, schema]) => ({
    name,
    in: "query",
    required: input.required?.includes(name) ?? false,
    schema,
  }));
}

const hasFields = (schema: JsonSchema): boolean =>
  Object.keys(schema.properties ?? {}).length > 0 || alternatives(schema) !== undefined;

const alternatives = ({ anyOf, oneOf }: JsonSchema): JsonSchema["anyOf"] => anyOf ?? oneOf;

function property(schema: JsonSchema, field: string): object {
  const own = schema.properties?.[field];
  if (typeof own === "object") return own;
  const [first] = alternatives(schema) ?? [];
  if (typeof first !== "object") throw new Error(`the path's field ${field} is not in the input`);
  return property(first, field);
}

/** The input without what the path says. */
function without(schema: JsonSchema, fields: readonly string[]): JsonSchema {
  const inner = (part: JsonSchema): JsonSchema => without(part, fields);
  if (schema.anyOf !== undefined) return { ...schema, anyOf: schema.anyOf.map(inner) };
  if (schema.oneOf !== undefined) return { ...schema, oneOf: schema.oneOf.map(inner) };
  const { properties = {}, required = [], ...others } = schema;
  const kept = required.filter((name) => !fields.includes(name));
  return {
    ...others,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !fields.includes(name))),
    ...(kept.length > 0 && { required: kept }),
  };
}
