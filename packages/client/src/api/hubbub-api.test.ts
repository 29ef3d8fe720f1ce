import { afterAll, beforeEach, expect, test } from "bun:test";
import { newDeviceId, newUserId } from "@hubbub/contract";
import { HubbubError } from "../hubbub-error.ts";
import { HubbubApi } from "./hubbub-api.ts";

const user = {
  id: newUserId(),
  username: "ann",
  displayName: "Ann",
  email: "ann@example.org",
  emailVerified: true,
  isAdmin: false,
};
/** How the server at the other end behaves, and what it was asked. */
let behaviour = { expiresIn: 900, goodToken: "token 1", mayRenew: true };
let refreshes: string[] = [];

function problem(status: number, code: string): Response {
  const body = { type: "about:blank", title: code, status, detail: `It was ${code}.`, code, traceId: "t" };
  return Response.json(body, { status, headers: { "content-type": "application/problem+json" } });
}

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  routes: {
    "/api/v1/auth/login": () => tokens(1),
    "/api/v1/auth/refresh": async (request) => {
      refreshes.push((await request.json()).refreshToken);
      await Bun.sleep(10);
      return behaviour.mayRenew ? tokens(refreshes.length + 1) : problem(401, "TOKEN_REUSED");
    },
    "/api/v1/users/me": (request) =>
      request.headers.get("authorization") === `Bearer ${behaviour.goodToken}`
        ? Response.json({ user })
        : problem(401, "UNAUTHENTICATED"),
    "/api/v1/conversations": () => new Response("<html>gateway", { status: 502 }),
  },
});
afterAll(() => server.stop(true));

function tokens(number: number): Response {
  const { expiresIn } = behaviour;
  const secrets = { accessToken: `token ${number}`, refreshToken: `refresh ${number}` };
  return Response.json({ ...secrets, tokenType: "Bearer", expiresIn, user });
}

async function signedIn(): Promise<HubbubApi> {
  const api = new HubbubApi({ baseUrl: server.url.origin, deviceId: newDeviceId() });
  await api.login({ login: "ann", password: "secret" });
  return api;
}

beforeEach(() => {
  behaviour = { expiresIn: 900, goodToken: "token 1", mayRenew: true };
  refreshes = [];
});

test("a refused access token is renewed once, however many calls were refused, and they are repeated", async () => {
  const api = await signedIn();
  behaviour.goodToken = "token 2";
  const answers = await Promise.all([1, 2, 3, 4].map(() => api.call("getOwnUser", {})));
  expect(answers).toEqual([{ user }, { user }, { user }, { user }]);
  expect(refreshes).toEqual(["refresh 1"]);
});

test("an access token that is about to expire is renewed before it is used", async () => {
  behaviour = { expiresIn: 0, goodToken: "token 2", mayRenew: true };
  const api = await signedIn();
  expect(await api.call("getOwnUser", {})).toEqual({ user });
  expect(refreshes).toEqual(["refresh 1"]);
});

test("when the session is over everyone hears it, and the call is refused for good", async () => {
  const api = await signedIn();
  behaviour = { expiresIn: 900, goodToken: "none", mayRenew: false };
  let heard = 0;
  api.onSignedOut(() => heard++);
  const error = await api.call("getOwnUser", {}).catch((refusal: unknown) => refusal);
  expect(error).toMatchObject({ code: "TOKEN_REUSED", retryable: false });
  expect([heard, api.user]).toEqual([1, undefined]);
});

test("a server that is away, or hidden behind a failing proxy, is worth another try", async () => {
  const api = await signedIn();
  const proxied = await api.call("listConversations", {}).catch((refusal: unknown) => refusal);
  expect(proxied).toMatchObject({ code: "UNAVAILABLE", retryable: true });
  const nowhere = new HubbubApi({ baseUrl: "http://127.0.0.1:1", deviceId: newDeviceId() });
  const lost = await nowhere.login({ login: "ann", password: "secret" }).catch((refusal: unknown) => refusal);
  expect(lost).toMatchObject({ code: "NETWORK", retryable: true });
});

test("a hub's refusal carries its code, a lost connection is the network's", () => {
  const refused = HubbubError.fromHub(new Error("NOT_FOUND: There is nothing here."));
  expect(refused).toMatchObject({ code: "NOT_FOUND", detail: "There is nothing here.", retryable: false });
  const lost = HubbubError.fromHub(new Error("Invocation canceled due to the underlying connection being closed."));
  expect(lost).toMatchObject({ code: "NETWORK", retryable: true });
});
