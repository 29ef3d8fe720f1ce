import { afterEach, beforeEach, expect, jest, setSystemTime, test } from "bun:test";
import {
  allOperations,
  type HubOnlyRow,
  newSessionId,
  newUserId,
  type OperationLimit,
  type OperationRow,
  operations,
  type RateLimit,
  type RateLimitKey,
  type RateLimitName,
  rateLimits,
} from "@hubbub/contract";
import { MemoryCallCounter } from "../infrastructure/rate-limits/memory-call-counter.ts";
import { addressKey } from "./address-key.ts";
import { limited } from "./limited.ts";
import type { Operation, Origin } from "./operation.ts";
import { problemResponse } from "./problem.ts";
import { ok } from "./result.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  setSystemTime();
});

const pass = (seconds: number) => jest.advanceTimersByTime(seconds * 1000);

const from = (address: string): Origin => ({
  address,
  isLoopback: false,
  serverUrl: "http://localhost",
  site: "none",
});
const person = () => ({ userId: newUserId(), sessionId: newSessionId() });

/** An operation of the table that does nothing but count how often it is let through. */
function standIn(row: OperationRow): Operation {
  return limited({ name: "", row, call: async () => ok({ rest: { body: null } }) }, new MemoryCallCounter(rateLimits));
}

type Cell = [name: RateLimitName, key: RateLimitKey, limit: RateLimit];

const cells = Object.entries(rateLimits).flatMap(([name, keys]) =>
  Object.entries(keys).map(([key, limit]) => [name, key, limit] as Cell),
);

/** Calls of one caller of the kind, so that no other cell has enough of them. */
function caller(key: RateLimitKey) {
  const name = crypto.randomUUID();
  const anyone = () => `10.${[0, 0, 0].map(() => Math.floor(Math.random() * 250)).join(".")}`;
  const address = key === "address" ? anyone() : undefined;
  const actor = key === "user" ? person() : undefined;
  return (operation: Operation, more: object = {}) =>
    operation.call(
      { ...more, login: key === "account" ? name : crypto.randomUUID() },
      actor,
      from(address ?? anyone()),
    );
}

test.each(cells)(
  "%s, counted by %s: exactly so many calls pass, and again when the time is over",
  async (name, key, limit) => {
    const row = { ...operations.getUser, limit: { name, account: "login" } satisfies OperationLimit };
    const operation = standIn(row);
    const [one, other] = [caller(key), caller(key)];
    const most = limit.burst ?? limit.calls;
    for (let calls = 0; calls < most; calls++) expect((await one(operation)).ok).toBe(true);
    const refused = await one(operation);
    const { code, retryAfter: wait = 0 } = refused.ok ? { code: undefined } : refused.failure;
    expect(code).toBe("RATE_LIMITED");
    expect((await other(operation)).ok).toBe(true);
    expect(wait).toBeWithin(1, limit.seconds + 1);
    pass(wait);
    for (let calls = 0; calls < limit.calls; calls++) expect((await one(operation)).ok).toBe(true);
    expect((await one(operation)).ok).toBe(false);
  },
);

test("the operations with a limit of their own are exactly these; everything else shares 50 a second", () => {
  const rows: [string, OperationRow | HubOnlyRow][] = Object.entries(allOperations);
  expect(Object.fromEntries(rows.flatMap(([name, { limit }]) => (limit === undefined ? [] : [[name, limit]])))).toEqual(
    {
      register: { name: "registration" },
      login: { name: "login", account: "login" },
      signInWithGoogle: { name: "login" },
      changePassword: { name: "passwordCheck" },
      finishLogin: { name: "login" },
      setUpTotp: { name: "passwordCheck" },
      pinMessage: { name: "messageChange" },
      unpinMessage: { name: "messageChange" },
      enableTotp: { name: "passwordCheck" },
      disableTotp: { name: "passwordCheck" },
      renewRecoveryCodes: { name: "passwordCheck" },
      linkIdentity: { name: "passwordCheck" },
      startPasskey: { name: "passwordCheck" },
      addPasskey: { name: "passwordCheck" },
      loginWithPasskey: { name: "login" },
      forgotPassword: { name: "mail", account: "email" },
      resetPassword: { name: "passwordCheck" },
      verifyEmail: { name: "passwordCheck" },
      resendVerification: { name: "mail" },
      changeEmail: { name: "passwordCheck" },
      exportOwnData: { name: "export" },
      deleteOwnUser: { name: "passwordCheck" },
      requestFriend: { name: "friendRequest" },
      inviteMembers: { name: "invitation", each: "userIds" },
      sendMessage: { name: "send" },
      forwardMessage: { name: "send", each: "conversationIds" },
      editMessage: { name: "messageChange" },
      react: { name: "messageChange" },
      unreact: { name: "messageChange" },
      searchMessages: { name: "search" },
    },
  );
  expect(rateLimits.other).toEqual({ user: { calls: 50, seconds: 1 } });
});

test("a log-in is counted by the name that it gives, in any case, and by its address; strangers by theirs", async () => {
  const login = standIn(operations.login);
  const wrong = (name: unknown, address: string) => login.call({ login: name }, undefined, from(address));
  for (let i = 0; i < 10; i++) expect((await wrong(i % 2 === 0 ? "Ada" : "aDA", `192.0.2.${i}`)).ok).toBe(true);
  expect((await wrong("ada", "192.0.2.99")).ok).toBe(false);
  for (let i = 0; i < 100; i++) expect((await wrong(`guess ${i}`, "198.51.100.7")).ok).toBe(true);
  expect((await wrong("bob", "198.51.100.7")).ok).toBe(false);
  expect((await wrong("bob", "198.51.100.8")).ok).toBe(true);
  for (const odd of [undefined, 7, {}, "x".repeat(10_000)]) expect((await wrong(odd, "203.0.113.9")).ok).toBe(true);
  const getUser = standIn(operations.getUser);
  for (let i = 0; i < 50; i++) expect((await getUser.call({}, undefined, from("203.0.113.1"))).ok).toBe(true);
  expect((await getUser.call({}, undefined, from("203.0.113.1"))).ok).toBe(false);
  expect((await getUser.call({}, person(), from("203.0.113.1"))).ok).toBe(true);
});

test("people invited by one call count one each", async () => {
  const invite = standIn(operations.inviteMembers);
  const actor = person();
  const userIds = Array.from({ length: 100 }, () => newUserId());
  for (const expected of [true, true, false])
    expect((await invite.call({ userIds }, actor, from("192.0.2.1"))).ok).toBe(expected);
});

test("of an IPv6 address its /64 is counted, however it is spelled", () => {
  const same = [
    "2001:db8:0:1::7",
    "2001:DB8:0000:0001:ffff:ffff:ffff:ffff",
    "2001:db8::1:0:0:0:9",
    "2001:db8:0:1::192.0.2.1",
  ];
  for (const address of same) expect(addressKey(address)).toBe("2001:db8:0:1::/64");
  expect(addressKey("2001:db8:0:2::7")).not.toBe(addressKey("2001:db8:0:1::7"));
  expect(addressKey("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
  expect(addressKey("::1")).toBe("0:0:0:0::/64");
  for (const address of ["192.0.2.1", "::ffff:192.0.2.1", "::FFFF:192.0.2.1"])
    expect(addressKey(address)).toBe("192.0.2.1");
});

test("a refusal says when to come back, in the header and in the document", async () => {
  const response = problemResponse({ code: "RATE_LIMITED", retryAfter: 42 }, "trace");
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "42"]);
  expect(await response.json()).toMatchObject({ code: "RATE_LIMITED", retryAfter: 42 });
});
