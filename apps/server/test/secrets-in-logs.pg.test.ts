import { afterAll, expect, test } from "bun:test";
import { chatEventNames, newDeviceId, type OperationName, type OperationRow, operations } from "@hubbub/contract";
import { type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { generateSync } from "otplib";
import { z } from "zod";
import { createTestDatabase } from "../src/testing/database.ts";
import { linkOf, MailServer } from "../src/testing/mail-server.ts";
import { ServerProcess, temporaryDirectory } from "../src/testing/server-process.ts";

const store = await createTestDatabase();
const data = temporaryDirectory();
afterAll(async () => {
  await store.drop();
  data.remove();
});

/** Everything that must stay between a person and the server. */
const secrets = {
  password: "correct horse battery",
  newPassword: "another horse battery",
  wrongPassword: "a horse without battery",
  mailPassword: "a-mail-servers-password",
  resetPassword: "a third horse battery",
  wrongCode: "271828",
  key: "k".repeat(20) + crypto.randomUUID(),
  previousKey: "p".repeat(20) + crypto.randomUUID(),
  tinyPassword: "tiny-secret",
  setupCode: "wrong-setup-code",
  forgedToken: "forged-token",
  idToken: "forged.id-token.of-google",
  code: "a-code-of-a-provider",
  state: "a-state-of-a-provider",
  signature: "c2lnbmF0dXJlLW9mLWEtcGFzc2tleQ",
  inviteToken: "an-invitation-that-is-none-of-ours-at-all-xx",
};

/** Fields of an input that hold what is between a person and the server. */
const secretFields: ReadonlySet<string> = new Set([
  ...["password", "currentPassword", "newPassword", "code", "recoveryCode", "challenge", "credential"],
  ...["token", "refreshToken", "idToken", "inviteToken", "setupCode", "state"],
]);

/** The operations that are told a secret: whichever is new is called in the run before it passes. */
const trusted = Object.entries<OperationRow>(operations).flatMap(([name, { input }]) => {
  const { properties = {} } = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  return Object.keys(properties).some((field) => secretFields.has(field)) ? [name] : [];
});

/** Whoever talks to the server, and writes down what it says against it and what it tells in confidence. */
class Talk {
  readonly called = new Set<string>();
  readonly told: string[] = [];
  readonly problems: { readonly status: number; readonly text: string }[] = [];
  readonly events: string[] = [];
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async call(name: OperationName, input: object, token?: string) {
    this.called.add(name);
    const { method, path } = operations[name].route;
    const rest = new Map<string, unknown>(Object.entries(input));
    const filled = path.replace(/\{(\w+)\}/g, (_, field: string) => {
      const value = encodeURIComponent(String(rest.get(field)));
      rest.delete(field);
      return value;
    });
    const fields = Object.fromEntries([...rest].map(([field, value]) => [field, String(value)]));
    const query = method === "GET" ? `?${new URLSearchParams(fields)}` : "";
    const headers = new Headers({ "content-type": "application/json" });
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    const body = method === "GET" ? null : JSON.stringify(Object.fromEntries(rest));
    const asked = { method, headers, body, redirect: "manual" } as const;
    const response = await fetch(`${this.#url}/api/v1${filled}${query}`, asked);
    const text = await response.text();
    if (response.status >= 400) this.problems.push({ status: response.status, text });
    const answer = text === "" ? {} : JSON.parse(text);
    for (const field of ["accessToken", "refreshToken", "ticket", "token", "secret"])
      if (typeof answer[field] === "string") this.told.push(answer[field]);
    for (const challenge of [answer.secondFactor?.challenge, answer.options?.challenge])
      if (typeof challenge === "string") this.told.push(challenge);
    this.told.push(...(answer.recoveryCodes ?? []));
    return { status: response.status, answer };
  }

  /** The same, that must be refused. */
  async refused(name: OperationName, input: object, token?: string): Promise<void> {
    const { status } = await this.call(name, input, token);
    expect([name, status < 500 && (status >= 400 || status === 302)]).toEqual([name, true]);
  }

  /** The same, that must succeed. */
  async done(name: OperationName, input: object, token?: string) {
    const { status, answer } = await this.call(name, input, token);
    expect([name, status < 300]).toEqual([name, true]);
    return answer;
  }

  async connect(token: string): Promise<HubConnection> {
    const hub = new HubConnectionBuilder()
      .withUrl(`${this.#url}/hubs/chat`, { accessTokenFactory: () => token })
      .configureLogging(LogLevel.None)
      .build();
    for (const event of chatEventNames)
      hub.on(event, (payload: object) => this.events.push(JSON.stringify({ event, payload })));
    await hub.start();
    await hub.invoke("SendMessage", { text: secrets.password }).catch(() => undefined);
    return hub;
  }
}

const deviceId = newDeviceId();
const account = { username: "ada", email: "ada@example.org" };
const credentials = { login: "ada", deviceId, tokenDelivery: "body" };

/** @returns an access token */
async function comeAndGo(talk: Talk): Promise<string> {
  const { password, newPassword, wrongPassword, setupCode, inviteToken, forgedToken } = secrets;
  await talk.refused("register", { ...account, password: secrets.tinyPassword });
  await talk.refused("register", { ...account, password, setupCode });
  await talk.done("register", { ...account, password });
  await talk.refused("register", { ...account, password, inviteToken });
  await talk.refused("login", { ...credentials, password: wrongPassword });
  const first = await talk.done("login", { ...credentials, password });
  const { accessToken, refreshToken } = await talk.done("refresh", { deviceId, refreshToken: first.refreshToken });
  await talk.refused("refresh", { deviceId, refreshToken: `${first.refreshToken}x` });
  const { ticket } = await talk.done("createHubTicket", {}, accessToken);
  for (const token of [accessToken, ticket]) await talk.connect(token);
  await expect(talk.connect(forgedToken)).rejects.toThrow();
  const change = { currentPassword: password, newPassword };
  await talk.refused("changePassword", { ...change, currentPassword: wrongPassword }, accessToken);
  await talk.done("changePassword", change, accessToken);
  await talk.done("createRegistrationInvite", {}, accessToken);
  await talk.done("logoutAll", {}, accessToken);
  expect(refreshToken).toBeString();
  return (await talk.done("login", { ...credentials, password: newPassword })).accessToken;
}

async function byMail(talk: Talk, mails: MailServer, accessToken: string): Promise<string> {
  const { newPassword, wrongPassword, resetPassword } = secrets;
  const linked = async (to: string, subject: string) => {
    const { token } = linkOf(await mails.about(to, subject));
    talk.told.push(token);
    return token;
  };
  const verify = await linked(account.email, "Confirm your e-mail address");
  await talk.refused("verifyEmail", { token: `${verify}x` });
  await talk.done("verifyEmail", { token: verify });
  const email = "ada@elsewhere.example";
  await talk.refused("changeEmail", { email, password: wrongPassword }, accessToken);
  await talk.done("changeEmail", { email, password: newPassword }, accessToken);
  await linked(email, "Confirm your new e-mail address");
  await talk.done("forgotPassword", { email: account.email });
  const reset = { token: await linked(account.email, "Set a new password"), newPassword: resetPassword };
  await talk.refused("resetPassword", { ...reset, newPassword: secrets.tinyPassword });
  await talk.done("resetPassword", reset);
  await talk.refused("resetPassword", reset);
  await mails.about(account.email, "Your password has changed");
  mails.mood = "refuses"; // and answers what it was sent
  await talk.done("forgotPassword", { email: account.email });
  await mails.until(() => mails.turnedAway > 0);
  mails.mood = "takes";
  return (await talk.done("login", { ...credentials, password: resetPassword })).accessToken;
}

async function bySecondFactor(talk: Talk, accessToken: string): Promise<void> {
  const { resetPassword: password, wrongPassword, wrongCode } = secrets;
  await talk.refused("setUpTotp", { password: wrongPassword }, accessToken);
  const { secret } = await talk.done("setUpTotp", { password }, accessToken);
  const code = generateSync({ secret });
  talk.told.push(code);
  await talk.refused("enableTotp", { code: code === wrongCode ? "313371" : wrongCode }, accessToken);
  const { recoveryCodes } = await talk.done("enableTotp", { code }, accessToken);
  const { secondFactor } = await talk.done("login", { ...credentials, password });
  const { challenge } = secondFactor;
  await talk.refused("finishLogin", { challenge, code, deviceId }); // a replay
  const proof = { challenge, recoveryCode: recoveryCodes[0], deviceId, tokenDelivery: "body" };
  const again = await talk.done("finishLogin", proof);
  await talk.refused("finishLogin", proof);
  await talk.refused("renewRecoveryCodes", { password: wrongPassword }, again.accessToken);
  await talk.done("renewRecoveryCodes", { password }, again.accessToken);
  await talk.refused("disableTotp", { password: wrongPassword }, again.accessToken);
  await talk.done("disableTotp", { password }, again.accessToken);
}

/** What is forged here is forged in full by the tests of each. */
async function byKeysAndProviders(talk: Talk, accessToken: string): Promise<void> {
  const { idToken, code, state, signature, resetPassword: password, wrongPassword } = secrets;
  await talk.refused("startPasskey", { password: wrongPassword }, accessToken);
  await talk.done("startPasskey", { password }, accessToken);
  const made = { clientDataJSON: signature, attestationObject: signature };
  const credential = { id: signature, type: "public-key" };
  await talk.refused("addPasskey", { name: "A key", credential: { ...credential, response: made } }, accessToken);
  await talk.done("startPasskeyLogin", {});
  const answered = { clientDataJSON: signature, authenticatorData: signature, signature, userHandle: signature };
  await talk.refused("loginWithPasskey", { credential: { ...credential, response: answered }, deviceId });
  await talk.refused("signInWithGoogle", { idToken, deviceId });
  await talk.refused("linkIdentity", { provider: "google", idToken }, accessToken);
  await talk.refused("finishOidc", { provider: "nobody", code, state });
}

async function byLink(talk: Talk, accessToken: string): Promise<void> {
  const group = { type: "group", title: "A group" };
  const { conversation } = await talk.done("createConversation", group, accessToken);
  const { invite } = await talk.done("createInvite", { conversationId: conversation.id }, accessToken);
  const { token } = invite;
  talk.told.push(token);
  await talk.refused("getInvite", { token: secrets.inviteToken }, accessToken);
  await talk.done("getInvite", { token }, accessToken);
  await talk.call("acceptInvite", { token }, accessToken);
  await talk.done("revokeInvite", { token }, accessToken);
}

test("no password, token, ticket, code or key is in any log at any level, in any problem document or event", async () => {
  const mails = new MailServer();
  const server = await ServerProcess.start({
    dataDirectory: data.path,
    env: {
      DATABASE_URL: store.url,
      LOG_LEVEL: "trace",
      HUBBUB_PUBLIC_URL: "https://chat.example.org",
      SMTP_URL: (await mails.start()).replace("//", `//someone:${secrets.mailPassword}@`),
      HUBBUB_SECRET_KEY: secrets.key,
      HUBBUB_SECRET_KEY_PREVIOUS: secrets.previousKey,
    },
  });
  const talk = new Talk(await server.url);
  const accessToken = await byMail(talk, mails, await comeAndGo(talk));
  await bySecondFactor(talk, accessToken);
  const { accessToken: last } = await talk.done("login", { ...credentials, password: secrets.resetPassword });
  await byKeysAndProviders(talk, last);
  await byLink(talk, last);
  const hub = await talk.connect(last);
  await talk.refused("deleteOwnUser", { password: secrets.wrongPassword }, last);
  await talk.refused("deleteOwnUser", { password: secrets.resetPassword }, last); // the only admin
  await talk.done("logout", {}, last);
  await hub.stop();
  const { code, error } = await server.stop();
  await mails.stop();

  expect(code).toBe(0);
  expect(trusted.length).toBeGreaterThan(20);
  expect(trusted.filter((name) => !talk.called.has(name))).toEqual([]);
  const told = [server.output, error, ...talk.problems.map(({ text }) => text), ...talk.events].join("\n");
  expect(told).toContain("Hubbub is ready");
  expect(told).toContain("SessionRevoked");
  const lines = server.output.trim().split("\n");
  const logged = lines.filter((line) => !line.startsWith("Hubbub is ready")).map((line) => JSON.parse(line));
  expect(logged).toContainEqual(expect.objectContaining({ level: 30, time: expect.any(String) }));
  for (const problem of talk.problems) expect(problem.status).toBeWithin(400, 500);
  expect(talk.told.length).toBeGreaterThan(40);
  for (const secret of [...Object.values(secrets), ...talk.told]) expect(told.includes(secret), secret).toBe(false);
}, 60_000);
