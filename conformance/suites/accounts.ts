import { expect, test } from "bun:test";
import { newDeviceId } from "@hubbub/contract";
import { newAccount, password, signIn, unique } from "../src/account.ts";
import { type Answer, outputOf, problemOf } from "../src/api.ts";
import { HubClient } from "../src/hub.ts";
import { alice, api, bob, connect, url } from "../src/target.ts";

const cookiePattern = /^(?:__Host-)?hubbub_refresh=/;

/** The refresh cookie that an answer sets, with its attributes. */
function refreshCookie(answer: Answer): string {
  const cookie = answer.headers.getSetCookie().find((header) => cookiePattern.test(header));
  if (cookie === undefined) throw new Error(`No refresh cookie with ${answer.status} ${answer.text}`);
  return cookie;
}

test("an account has one spelling of its name and of its e-mail address", async () => {
  const username = `Erin-${unique()}`;
  const email = `${username}@Example.org`;
  const { user } = await api.call("register", { username, email, password });
  expect(user.username).toBe(username.toLowerCase());

  const sameName = await api.refused("register", { username: username.toUpperCase(), email: `x${email}`, password });
  expect(sameName).toMatchObject({ status: 409, code: "USERNAME_TAKEN" });
  const sameMail = await api.refused("register", { username: unique(), email: email.toUpperCase(), password });
  expect(sameMail).toMatchObject({ status: 409, code: "EMAIL_TAKEN" });

  for (const login of [username, username.toUpperCase(), email, email.toLowerCase()]) {
    expect((await signIn(api, login)).user).toEqual(user);
  }
});

test.each([
  ["username", "ab"],
  ["username", "with space"],
  ["username", "é".repeat(5)],
  ["email", "nobody"],
  ["password", "short"],
  ["displayName", " "],
  ["displayName", "x".repeat(65)],
])("register refuses the %s %p", async (field, value) => {
  const username = unique();
  const problem = await api.refused("register", {
    username,
    email: `${username}@example.org`,
    password,
    [field]: value,
  });
  expect(problem).toMatchObject({ code: "VALIDATION_FAILED", errors: [{ path: field }] });
});

test("a wrong password and an unknown account get the same answer", async () => {
  const attempt = (login: string) =>
    api.send("login", { login, password: "wrong horse battery staple", deviceId: newDeviceId() });
  const [known, byMail, unknown] = [
    await attempt(alice.user.username),
    await attempt(alice.email),
    await attempt(`nobody-${unique()}`),
  ];
  expect(problemOf(known)).toMatchObject({ status: 401, code: "INVALID_CREDENTIALS" });
  const withoutTrace = (answer: Answer) => answer.text.replace(problemOf(answer).traceId, "");
  expect(withoutTrace(byMail)).toBe(withoutTrace(known));
  expect(withoutTrace(unknown)).toBe(withoutTrace(known));
});

test("one is oneself, and others are found by name and by id without their secrets", async () => {
  expect((await api.call("getOwnUser", {}, alice.token)).user).toMatchObject({
    ...alice.user,
    email: alice.email,
    emailVerified: false,
  });
  const byName = await api.call("listUsers", { query: bob.user.username.slice(0, -1).toUpperCase() }, alice.token);
  expect(byName.items).toMatchObject([bob.user]);
  const ids = [alice.user.id, bob.user.id, crypto.randomUUID()].join(",");
  const byId = await api.send("listUsers", { ids }, { token: alice.token });
  const items = outputOf("listUsers", byId).items.map(({ presence: _, lastSeenAt: __, ...user }) => user);
  expect(new Set(items)).toEqual(new Set([alice.user, bob.user]));
});

test("a refresh token in the body is rotated; at once, the same device gets the same successor", async () => {
  const { deviceId, refreshToken: first } = await newAccount(api, "frank");
  const next = await api.call("refresh", { deviceId, refreshToken: first });
  expect(next.refreshToken).toBeString();
  expect(next.refreshToken).not.toBe(first);
  expect((await api.call("refresh", { deviceId, refreshToken: first })).refreshToken).toBe(next.refreshToken);
  expect((await api.call("getOwnUser", {}, next.accessToken)).user.username).toStartWith("frank-");
});

test("a used token gives its one successor again, as two tabs of one browser may ask at once", async () => {
  const { deviceId, refreshToken } = await newAccount(api, "grace");
  const tabs = await Promise.all(Array.from({ length: 6 }, () => api.call("refresh", { deviceId, refreshToken })));
  expect(new Set(tabs.map((tab) => tab.refreshToken)).size).toBe(1);
  expect(tabs[0]?.refreshToken).not.toBe(refreshToken);
});

test("a log-in on the same device ends the session before it, its access tokens and its sockets", async () => {
  const grace = await newAccount(api, "grace");
  const elsewhere = await signIn(api, grace.user.username);
  await using hub = await connect(grace);
  const renewed = await signIn(api, grace.user.username, grace.deviceId);
  await hub.ends();
  expect((await api.refused("getOwnUser", {}, grace.token)).code).toBe("UNAUTHENTICATED");
  const old = { deviceId: grace.deviceId, refreshToken: grace.refreshToken };
  expect((await api.refused("refresh", old)).status).toBe(401);
  for (const { accessToken } of [elsewhere, renewed])
    expect((await api.call("getOwnUser", {}, accessToken)).user).toMatchObject(grace.user);
});

test("a refresh token is worth nothing on another device, nor is an invented one", async () => {
  const { refreshToken, deviceId } = await newAccount(api, "heidi");
  expect((await api.refused("refresh", { deviceId: newDeviceId(), refreshToken })).status).toBe(401);
  for (const invented of ["", "x", "A".repeat(86), undefined]) {
    expect((await api.refused("refresh", { deviceId, refreshToken: invented })).status).toBe(401);
  }
});

test("a page gets its refresh token in a cookie that scripts cannot read, and never in the body", async () => {
  const { user } = await newAccount(api, "ivan");
  const deviceId = newDeviceId();
  const headers = { origin: url };
  const loggedIn = await api.send(
    "login",
    { login: user.username, password, deviceId, tokenDelivery: "cookie" },
    { headers },
  );
  expect(outputOf("login", loggedIn)).not.toHaveProperty("refreshToken");
  const first = refreshCookie(loggedIn);
  expect(first).toMatch(/; ?HttpOnly/i);
  expect(first).toMatch(/; ?SameSite=Strict/i);

  const cookie = first.split(";")[0] ?? "";
  const refreshed = await api.send("refresh", { deviceId }, { headers: { ...headers, cookie } });
  const { refreshToken, accessToken } = outputOf("refresh", refreshed);
  expect(refreshToken).toBeUndefined();
  expect(refreshCookie(refreshed).split(";")[0]).not.toBe(cookie);
  expect((await api.call("getOwnUser", {}, accessToken)).user).toMatchObject(user);

  const askedForBody = { login: user.username, password, deviceId, tokenDelivery: "body" };
  expect((await api.send("login", askedForBody, { headers })).text).not.toContain("refreshToken");
});

test("refresh and logout refuse a foreign Origin", async () => {
  const { token, deviceId, refreshToken } = await newAccount(api, "judy");
  for (const origin of ["https://evil.example", "null"]) {
    const refreshed = await api.send("refresh", { deviceId, refreshToken }, { headers: { origin } });
    expect(problemOf(refreshed)).toMatchObject({ status: 403, code: "FORBIDDEN" });
    const loggedOut = await api.send("logout", {}, { token, headers: { origin } });
    expect(problemOf(loggedOut)).toMatchObject({ status: 403, code: "FORBIDDEN" });
  }
  await api.call("refresh", { deviceId, refreshToken });
  await api.call("getOwnUser", {}, token);
});

test("logout ends the session's tokens and sockets, and no other session", async () => {
  const ken = await newAccount(api, "ken");
  const { deviceId, refreshToken } = ken;
  const other = await signIn(api, ken.user.username);
  await using hub = await connect(ken);
  await api.call("logout", {}, ken.token);
  await hub.hears("SessionRevoked", ({ reason }) => reason === "signedOut");
  expect((await api.refused("getOwnUser", {}, ken.token)).code).toBe("UNAUTHENTICATED");
  expect((await api.refused("refresh", { deviceId, refreshToken })).status).toBe(401);
  await hub.ends();
  await api.call("getOwnUser", {}, other.accessToken);
});

test("a login on the same device replaces its session", async () => {
  const lena = await newAccount(api, "lena");
  await using hub = await connect(lena);
  const again = await signIn(api, lena.user.username, lena.deviceId);
  expect((await api.refused("getOwnUser", {}, lena.token)).code).toBe("UNAUTHENTICATED");
  expect((await api.refused("refresh", { deviceId: lena.deviceId, refreshToken: lena.refreshToken })).status).toBe(401);
  await hub.ends();
  await api.call("getOwnUser", {}, again.accessToken);
});

test("a session that is ended elsewhere tells its sockets why, and closes them within a second", async () => {
  const mona = await newAccount(api, "mona");
  const phone = await signIn(api, mona.user.username);
  await using hub = await HubClient.open(url, phone.accessToken);
  const { items } = await api.call("listSessions", {}, mona.token);
  const other = items.find(({ current }) => !current);
  expect(items).toHaveLength(2);
  expect((await api.refused("revokeSession", { sessionId: other?.id }, alice.token)).code).toBe("NOT_FOUND");
  const before = performance.now();
  await api.send("revokeSession", { sessionId: other?.id }, { token: mona.token });
  await hub.ends();
  expect(performance.now() - before).toBeLessThan(1000);
  expect(hub.pushes.at(-1)).toEqual({ event: "SessionRevoked", payload: { reason: "revoked" } });
  expect((await api.refused("getOwnUser", {}, phone.accessToken)).code).toBe("UNAUTHENTICATED");
});

test("logout-all ends every session, and refuses a foreign Origin", async () => {
  const nina = await newAccount(api, "nina");
  const other = await signIn(api, nina.user.username);
  const foreign = await api.send("logoutAll", {}, { token: nina.token, headers: { origin: "https://evil.example" } });
  expect(problemOf(foreign)).toMatchObject({ status: 403, code: "FORBIDDEN" });
  await using hub = await connect(nina);
  await api.call("logoutAll", {}, other.accessToken);
  await hub.ends();
  for (const token of [nina.token, other.accessToken])
    expect((await api.refused("getOwnUser", {}, token)).code).toBe("UNAUTHENTICATED");
});

test("a changed password ends all other sessions, and the old one is worth nothing", async () => {
  const olga = await newAccount(api, "olga");
  const other = await signIn(api, olga.user.username);
  const newPassword = `${password} again`;
  const wrong = { currentPassword: newPassword, newPassword };
  expect((await api.refused("changePassword", wrong, olga.token)).code).toBe("INVALID_CREDENTIALS");
  await api.call("changePassword", { currentPassword: password, newPassword }, olga.token);
  await api.call("getOwnUser", {}, olga.token);
  expect((await api.refused("getOwnUser", {}, other.accessToken)).code).toBe("UNAUTHENTICATED");
  const login = { login: olga.user.username, deviceId: newDeviceId() };
  expect((await api.refused("login", { ...login, password })).code).toBe("INVALID_CREDENTIALS");
  await api.call("login", { ...login, password: newPassword });
});

test("passwords that are guessed first are refused", async () => {
  const username = `pia-${unique()}`;
  const email = `${username}@example.org`;
  for (const common of ["qwerty123456", "passwordpassword", username.toUpperCase(), email]) {
    const problem = await api.refused("register", { username, email, password: common });
    expect(problem).toMatchObject({ code: "VALIDATION_FAILED", errors: [{ path: "password" }] });
  }
});

test("the public keys are published, and no private one", async () => {
  const answer = await api.request("GET", "/.well-known/jwks.json");
  expect(answer.status).toBe(200);
  const { keys } = JSON.parse(answer.text);
  const [header = ""] = alice.token.split(".");
  const { kid } = JSON.parse(atob(header));
  expect(keys).toContainEqual(expect.objectContaining({ kid, kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig" }));
  for (const key of keys) expect(key.d).toBeUndefined();
});
