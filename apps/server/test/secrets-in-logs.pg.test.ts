import { afterAll, expect, test } from "bun:test";
import { newDeviceId } from "@hubbub/contract";
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { generateSync } from "otplib";
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
};

test("no password, token, ticket, code or key is in any log at any level", async () => {
  const { key, previousKey, password, newPassword, wrongPassword, wrongCode, mailPassword } = secrets;
  const mails = new MailServer();
  const server = await ServerProcess.start({
    dataDirectory: data.path,
    env: {
      DATABASE_URL: store.url,
      LOG_LEVEL: "trace",
      HUBBUB_PUBLIC_URL: "https://chat.example.org",
      SMTP_URL: (await mails.start()).replace("//", `//someone:${mailPassword}@`),
      HUBBUB_SECRET_KEY: key,
      HUBBUB_SECRET_KEY_PREVIOUS: previousKey,
    },
  });
  const url = await server.url;
  const seen: string[] = [];
  const post = async (path: string, json: object, token?: string) => {
    const headers = new Headers({ "content-type": "application/json" });
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    const response = await fetch(`${url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(json) });
    const text = await response.text();
    const body = text === "" ? {} : JSON.parse(text);
    for (const name of ["accessToken", "refreshToken", "ticket", "token"])
      if (body[name] !== undefined) seen.push(body[name]);
    return { status: response.status, text, body };
  };
  const connect = async (token: string) => {
    const hub = new HubConnectionBuilder()
      .withUrl(`${url}/hubs/chat`, { accessTokenFactory: () => token })
      .configureLogging(LogLevel.None)
      .build();
    await hub.start();
    await hub.invoke("SendMessage", { text: password }).catch(() => undefined);
    await hub.stop();
  };

  const deviceId = newDeviceId();
  const account = { username: "ada", email: "ada@example.org" };
  const credentials = { login: "ada", deviceId, tokenDelivery: "body" };
  const problems = [
    await post("/auth/register", { ...account, password: "tiny-secret" }),
    await post("/auth/register", { ...account, password, setupCode: "wrong-setup-code" }),
  ];
  expect((await post("/auth/register", { ...account, password })).status).toBe(201);
  problems.push(await post("/auth/register", { ...account, password }));
  problems.push(await post("/auth/login", { ...credentials, password: wrongPassword }));
  const { body: first } = await post("/auth/login", { ...credentials, password });
  const { body: second } = await post("/auth/refresh", { deviceId, refreshToken: first.refreshToken });
  problems.push(await post("/auth/refresh", { deviceId, refreshToken: `${first.refreshToken}x` }));
  await connect(second.accessToken);
  const { body: ticket } = await post("/auth/hub-ticket", {}, second.accessToken);
  await connect(ticket.ticket);
  await connect("forged-token").catch(() => undefined);
  const change = { currentPassword: password, newPassword };
  problems.push(await post("/auth/password/change", { ...change, currentPassword: wrongPassword }, second.accessToken));
  expect((await post("/auth/password/change", change, second.accessToken)).status).toBe(204);
  expect((await post("/admin/registration-invites", {}, second.accessToken)).status).toBe(201);
  expect((await post("/auth/logout-all", {}, second.accessToken)).status).toBe(204);
  const linkTo = async (count: number) => {
    const { token: linked } = linkOf(await mails.newest(account.email, count));
    seen.push(linked);
    return linked;
  };
  const verify = await linkTo(1);
  problems.push(await post("/auth/email/verify", { token: `${verify}x` }));
  expect((await post("/auth/email/verify", { token: verify })).status).toBe(204);
  await mails.newest(account.email, 2); // that the password has changed
  expect((await post("/auth/password/forgot", { email: account.email })).status).toBe(204);
  const reset = { token: await linkTo(3), newPassword: secrets.resetPassword };
  problems.push(await post("/auth/password/reset", { ...reset, newPassword: "tiny-secret" }));
  expect((await post("/auth/password/reset", reset)).status).toBe(204);
  problems.push(await post("/auth/password/reset", reset));
  mails.mood = "refuses"; // and answers what it was sent
  expect((await post("/auth/password/forgot", { email: account.email })).status).toBe(204);
  await mails.until(() => mails.turnedAway > 0);
  const { body: again } = await post("/auth/login", { ...credentials, password: secrets.resetPassword });
  const { body: app } = await post("/auth/totp/setup", {}, again.accessToken);
  const right = generateSync({ secret: app.secret });
  problems.push(
    await post("/auth/totp/enable", { code: right === wrongCode ? "313371" : wrongCode }, again.accessToken),
  );
  const { body: enabled } = await post("/auth/totp/enable", { code: right }, again.accessToken);
  const asked = await post("/auth/login", { ...credentials, password: secrets.resetPassword });
  const { challenge } = asked.body.secondFactor;
  const [recoveryCode] = enabled.recoveryCodes;
  problems.push(await post("/auth/login/second-factor", { challenge, code: right, deviceId })); // a replay
  const proof = { challenge, recoveryCode, deviceId, tokenDelivery: "body" };
  expect((await post("/auth/login/second-factor", proof)).status).toBe(200);
  problems.push(await post("/auth/login/second-factor", proof));
  seen.push(app.secret, challenge, ...enabled.recoveryCodes);
  const { code, error } = await server.stop();
  await mails.stop();

  expect(code).toBe(0);
  expect(seen).toHaveLength(24);
  const told = server.output + error + problems.map(({ text }) => text).join("\n");
  expect(told).toContain("Hubbub is ready");
  const lines = server.output.trim().split("\n");
  const logged = lines.filter((line) => !line.startsWith("Hubbub is ready")).map((line) => JSON.parse(line));
  expect(logged).toContainEqual(expect.objectContaining({ level: 30, time: expect.any(String) }));
  for (const problem of problems) expect(problem.status).toBeWithin(400, 500);
  const all = [...Object.values(secrets), ...seen, "tiny-secret", "wrong-setup-code", "forged-token"];
  for (const secret of all) expect(told.includes(secret), secret).toBe(false);
}, 30_000);
