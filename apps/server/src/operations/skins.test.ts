import { expect, test } from "bun:test";
import {
  errors,
  isErrorCode,
  newConversationId,
  newMessageId,
  newSessionId,
  newUserId,
  operations,
} from "@hubbub/contract";
import { Unavailable } from "../ports/conversation-writer.ts";
import { hubMethodsOf } from "./hub-methods.ts";
import { defineOperation } from "./operation.ts";
import { restApi } from "./rest.ts";
import { fail, type Result } from "./result.ts";

const messageId = newMessageId(newConversationId());
const secret = "relation users_secret does not exist";

/** Calls one operation by both skins; what it tells REST and the hub, and what was logged. */
async function byBothSkins(handle: () => Promise<Result<never>>) {
  const operation = defineOperation(operations.deleteMessage, {
    handle,
    rest: () => ({ body: null }),
    hub: (outcome) => outcome,
  });
  const actor = { userId: newUserId(), sessionId: newSessionId() };
  const logged: unknown[] = [];
  const api = restApi({
    operations: [operation],
    authenticate: async () => actor,
    settings: {
      publicUrl: undefined,
      allowedOrigins: [],
      isTrustedProxy: () => false,
      secure: false,
      refreshTokenDays: 1,
    },
    onError: (error, about) => logged.push([error, about.traceId]),
  });
  const response = await api.request(
    `/messages/${messageId}`,
    { method: "DELETE", headers: { authorization: "Bearer token" } },
    { peer: "192.0.2.1" },
  );
  const { DeleteMessage } = hubMethodsOf([operation], [], (error) => logged.push([error]));
  return {
    status: response.status,
    problem: await response.json(),
    hub: await DeleteMessage?.call(actor, [messageId], "connection"),
    logged,
  };
}

test("what throws is INTERNAL, with a trace to find it by, logged whole, and its text told to nobody", async () => {
  const fault = new Error(secret);
  const { status, problem, hub, logged } = await byBothSkins(() => Promise.reject(fault));
  expect(status).toBe(500);
  expect(problem).toMatchObject({ code: "INTERNAL", status: 500, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(hub).toEqual({ ok: false, failure: { code: "INTERNAL", detail: errors.INTERNAL.text } });
  expect(logged).toEqual([[fault, problem.traceId], [fault]]);
  expect(JSON.stringify([problem, hub])).not.toContain("users_secret");
});

test("a database out of reach is UNAVAILABLE, worth another try, and no fault", async () => {
  const { status, problem, hub, logged } = await byBothSkins(() => Promise.reject(new Unavailable(secret)));
  expect({ status, problem }).toMatchObject({ status: 503, problem: { code: "UNAVAILABLE", retryAfter: 1 } });
  expect(hub).toEqual({ ok: false, failure: { code: "UNAVAILABLE", detail: errors.UNAVAILABLE.text } });
  expect(logged).toEqual([]);
});

test("every expected failure is a value of the one table: its status and text by REST, its code by the hub", async () => {
  for (const code of Object.keys(errors).filter(isErrorCode)) {
    const { status, text } = errors[code];
    const told = await byBothSkins(async () => fail(code));
    expect(told.status).toBe(status);
    expect(told.problem).toMatchObject({ code, status, title: text });
    expect(told.hub).toEqual({ ok: false, failure: { code, detail: text } });
    expect(told.logged).toEqual([]);
  }
});
