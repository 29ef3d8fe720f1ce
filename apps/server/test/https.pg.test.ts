import { afterAll, expect, test } from "bun:test";
import { get } from "node:https";
import { newDeviceId } from "@hubbub/contract";
import { createTestDatabase } from "../src/testing/database.ts";
import { ServerProcess, temporaryDirectory } from "../src/testing/server-process.ts";
import { makeCertificate } from "../src/testing/test-certificate.ts";

const directory = temporaryDirectory();
const store = await createTestDatabase();
const { certFile, keyFile, cert } = await makeCertificate(directory.path, "chat");
const server = await ServerProcess.start({
  env: {
    DATABASE_URL: store.url,
    HUBBUB_SECRET_KEY: "a key of at least 32 bytes, for a test",
    TLS_CERT_FILE: certFile,
    TLS_KEY_FILE: keyFile,
  },
});
const url = await server.url;
const tls = { ca: cert };
afterAll(async () => {
  await server.stop();
  await store.drop();
  directory.remove();
});

const handshake = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    tls,
  });

test("with a certificate the one port speaks HTTPS, and browsers are told to come by it alone", async () => {
  expect(url).toStartWith("https://127.0.0.1:");
  const page = await fetch(url, { tls });
  expect(page.headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
  // Who does not trust the certificate gets nothing, nor who comes without TLS.
  await expect(fetch(url)).rejects.toThrow("certificate");
  await expect(fetch(url.replace("https:", "http:"))).rejects.toThrow();
});

test("over HTTPS the refresh cookie belongs to this host and never travels without TLS, and the hub is reached by wss", async () => {
  const password = "correct horse battery staple";
  const login = { login: "ada", password, deviceId: newDeviceId() };
  const ada = { username: "ada", email: "ada@example.org", password };
  expect((await post("/auth/register", ada, { origin: url })).status).toBe(201);
  const loggedIn = await post("/auth/login", login, { origin: url });
  const [cookie = ""] = loggedIn.headers.getSetCookie();
  expect(cookie).toStartWith("__Host-hubbub_refresh=");
  expect(cookie).toContain("; Secure");
  const { accessToken } = await loggedIn.json();
  const { promise: status, resolve, reject } = Promise.withResolvers<number | undefined>();
  const hub = get(`${url}/hubs/chat?access_token=${accessToken}`, { headers: handshake, ca: cert });
  hub.on("response", (response) => resolve(response.statusCode));
  hub.on("upgrade", (response, socket) => {
    socket.destroy();
    resolve(response.statusCode);
  });
  hub.on("error", reject);
  expect(await status).toBe(101);
});
