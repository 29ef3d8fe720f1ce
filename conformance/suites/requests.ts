import { expect, test } from "bun:test";
import { Buffer } from "node:buffer";
import { newConversationId, newMessageId, newUserId, type OperationRow, operations } from "@hubbub/contract";
import { type Answer, encode, problemOf } from "../src/api.ts";
import { operationNames, sampleRequests } from "../src/samples.ts";
import { alice, api } from "../src/target.ts";

const samples = sampleRequests(newConversationId(), newUserId(), newMessageId(newConversationId()));
const base64 = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");
const unsignedToken = `${base64({ alg: "none", typ: "at+jwt" })}.${base64({ sub: alice.user.id, exp: 4_102_444_800 })}.`;

const signedIn = operationNames.filter((name) => operations[name].access !== "public");
const bodies = operationNames.flatMap((name) => {
  const { method, path, json } = encode(operations[name], samples[name]);
  return json === undefined ? [] : [{ name, method, path, json }];
});

const expectProblem = (answer: Answer, status: number, code: string): void => {
  expect(problemOf(answer)).toMatchObject({ status, code });
};

test.each(signedIn)("%s without a good token is 401", async (name) => {
  for (const token of [undefined, "garbage", "a.b.c", unsignedToken, `${alice.token}x`]) {
    expectProblem(await api.send(name, samples[name], { token }), 401, "UNAUTHENTICATED");
  }
});

test.each(bodies)("$name refuses a body that is not its JSON object", async ({ method, path }) => {
  const headers = { "content-type": "application/json" };
  for (const body of ['{"a":', "null", "[]", '"x"', "7", "[".repeat(50_000), `{"a":${"[".repeat(9_000)}`]) {
    const answer = await api.request(method, path, { token: alice.token, headers, body });
    expectProblem(answer, 400, "VALIDATION_FAILED");
  }
});

test("an operation that needs no body takes an empty one, whatever type it claims", async () => {
  for (const headers of [undefined, { "content-type": "application/json" }])
    expect(
      (await api.request("POST", "/api/v1/sync", { token: alice.token, ...(headers && { headers }) })).status,
    ).toBe(200);
});

test.each(bodies)("$name takes JSON only", async ({ method, path, json }) => {
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/xml"]) {
    const options = { token: alice.token, headers: { "content-type": type }, json };
    expectProblem(await api.request(method, path, options), 415, "UNSUPPORTED_TYPE");
  }
});

test.each(bodies)("$name refuses fields that it does not know", async ({ method, path, json }) => {
  for (const field of ["isAdmin", "senderId", "createdAt", "__proto__", "constructor"]) {
    const answer = await api.request(method, path, { token: alice.token, json: { ...Object(json), [field]: "x" } });
    expectProblem(answer, 400, "VALIDATION_FAILED");
  }
});

test.each(bodies)("$name refuses fields of another type and names them", async ({ method, path, json }) => {
  for (const [field, value] of Object.entries(Object(json))) {
    for (const wrong of [{ $gt: "" }, 7.5, true, [[]]].filter(
      (other) => typeof other !== "boolean" || typeof value !== "boolean",
    )) {
      const answer = await api.request(method, path, { token: alice.token, json: { ...Object(json), [field]: wrong } });
      const { code, errors = [] } = problemOf(answer);
      expect({ code, wrong: errors.map((error) => error.path.split(/[.[/]/)[0]) }).toEqual({
        code: "VALIDATION_FAILED",
        wrong: expect.arrayContaining([field]),
      });
    }
  }
});

test.each(bodies)("$name survives text that PostgreSQL cannot store [L4]", async ({ method, path, json }) => {
  for (const [field, value] of Object.entries(Object(json)).filter(([, value]) => typeof value === "string")) {
    for (const bad of ["\0", "\ud800", `${value}\0`, `${value}\udfff`]) {
      const answer = await api.request(method, path, { token: alice.token, json: { ...Object(json), [field]: bad } });
      expect(problemOf(answer).status).toBeWithin(400, 500);
    }
  }
});

const queries: [string, string][] = [
  ["/conversations", "limit=0"],
  ["/conversations", "limit=201"],
  ["/conversations", "limit=x"],
  ["/conversations", "cursor=garbage"],
  ["/conversations", "isAdmin=true"],
  ["/users", "ids=x"],
  [`/conversations/${newConversationId()}/messages`, "beforeSeq=-1"],
  [`/conversations/${newConversationId()}/messages`, "beforeSeq=1&afterSeq=1"],
  [`/conversations/${newConversationId()}/messages`, "aroundSeq=99999999999999999999"],
  [`/conversations/${newConversationId()}/members`, "cursor=%00"],
  [`/conversations/${newConversationId()}/changes`, "afterPts=1.5"],
  [`/messages/${newMessageId(newConversationId())}/edits`, "cursor=garbage"],
];
test.each(queries)("GET %s?%s is 400", async (path, query) => {
  expectProblem(await api.request("GET", `/api/v1${path}?${query}`, { token: alice.token }), 400, "VALIDATION_FAILED");
});

test.each(["not-an-id", "%00", "%E0%A4%A", "..%2f..", `${newConversationId()}x`])(
  "a conversation's id like %s is refused, and breaks nothing",
  async (id) => {
    const answer = await api.request("GET", `/api/v1/conversations/${id}`, { token: alice.token });
    expect(problemOf(answer).status).toBeOneOf([400, 404]);
  },
);

const rows: OperationRow[] = Object.values(operations);
test.each([...new Set(rows.map((row) => row.route.path))])("%s takes its own methods only", async (path) => {
  const own: string[] = rows.filter((row) => row.route.path === path).map((row) => row.route.method);
  const address = `/api/v1${path.replace(/\{\w+\}/g, () => newUserId())}`;
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((method) => !own.includes(method))) {
    expectProblem(await api.request(method, address, { token: alice.token }), 405, "METHOD_NOT_ALLOWED");
  }
});

test("an address that is not there is 404", async () => {
  expectProblem(await api.request("GET", "/api/v1/nothing", { token: alice.token }), 404, "NOT_FOUND");
});

test("an oversized body is 413, declared or not", async () => {
  const big = new Uint8Array(8 * 1024 * 1024).fill(0x20);
  const headers = { "content-type": "application/json" };
  for (const body of [big, new Blob([big]).stream()]) {
    expectProblem(await api.request("POST", "/api/v1/auth/login", { headers, body }), 413, "TOO_LARGE");
  }
});

test("health tells that the server lives and is ready", async () => {
  for (const path of ["/health", "/health/live", "/health/ready"]) {
    expect((await api.request("GET", path)).status).toBe(200);
  }
});

test("addresses of the API and of hubs that are not there are 404, not the page", async () => {
  for (const path of ["/api/v2/users", "/api", "/hubs/nothing"])
    expect((await api.request("GET", path)).status).toBe(404);
  expectProblem(await api.request("POST", "/somewhere"), 405, "METHOD_NOT_ALLOWED");
  for (const path of ["/%00", "/%", "/a%00b.js", "/%2e%2e/%2e%2e/package.json"])
    expect((await api.request("GET", path)).headers.get("content-type")).toStartWith("text/html");
});

test("a body that is not UTF-8 is refused, not mended", async () => {
  const broken = new Uint8Array([...Buffer.from('{"login":"'), 0xff, ...Buffer.from('"}')]);
  const post = (type: string, body: BodyInit) =>
    api.request("POST", "/api/v1/auth/login", { headers: { "content-type": type }, body });
  expectProblem(await post("application/json", broken), 400, "VALIDATION_FAILED");
  expectProblem(await post("application/json; charset=iso-8859-1", "{}"), 415, "UNSUPPORTED_TYPE");
  expectProblem(await post('application/json; charset="UTF-8"', "{}"), 400, "VALIDATION_FAILED");
});
