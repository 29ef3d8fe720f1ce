import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { request } from "node:http";
import { hubName, newDeviceId, newUserId } from "@hubbub/contract";
import { exportJWK, SignJWT, UnsecuredJWT } from "jose";
import { createSecretKey } from "../src/infrastructure/filesystem/secret-key.ts";
import { createTestDatabase } from "../src/testing/database.ts";
import { ServerProcess } from "../src/testing/server-process.ts";

const store = await createTestDatabase();
const secretKey = "a key of at least 32 bytes, for a test";
const server = await ServerProcess.start({ env: { DATABASE_URL: store.url, HUBBUB_SECRET_KEY: secretKey } });
afterAll(async () => {
  await server.stop();
  await store.drop();
});
const url = await server.url;

/** The server's own: what it would sign with. */
const seed = createSecretKey(secretKey).deriveKey("access token");
const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
const ownKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });

async function post(path: string, json: object, token?: string) {
  const headers = new Headers({ "content-type": "application/json" });
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  const answer = await fetch(`${url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(json) });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? {} : JSON.parse(text) };
}

interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Of a token that is good. */
let header: { readonly alg: string; readonly typ: string; readonly kid: string };
let claims: Readonly<Record<string, string | number>>;
let good: SignedIn;

async function signIn(): Promise<SignedIn> {
  const credentials = { login: "ada", password: "correct horse battery", deviceId: newDeviceId() };
  return (await post("/auth/login", { ...credentials, tokenDelivery: "body" })).body;
}

const decoded = (part: string | undefined) => JSON.parse(Buffer.from(part ?? "", "base64url").toString());
const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");

beforeAll(async () => {
  await post("/auth/register", { username: "ada", email: "ada@example.org", password: "correct horse battery" });
  good = await signIn();
  const [head, body] = good.accessToken.split(".");
  [header, claims] = [decoded(head), decoded(body)];
});

/** Signed as the server does, with a header and claims of one's choice; a claim that is undefined is left out. */
const signed = (otherClaims: object, otherHeader: object = {}, key: KeyObject | CryptoKey = ownKey): Promise<string> =>
  new SignJWT({ ...claims, ...otherClaims }).setProtectedHeader({ ...header, ...otherHeader }).sign(key);

/** The status of a request that asks to go on as a WebSocket, where it is not let through. */
function upgrade(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const asked = request(`${url}${path}`, { headers });
    asked.on("response", (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("upgrade", (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** Every way in, and what it answers to who may come in. */
const doors: Readonly<Record<string, (token: string) => Promise<number>>> = {
  "GET by REST": async (token) =>
    (await fetch(`${url}/api/v1/users/me`, { headers: { authorization: `Bearer ${token}` } })).status,
  "POST by REST": async (token) => (await post("/sync", {}, token)).status,
  ...Object.fromEntries(
    hubName.options.flatMap((hub) => [
      [
        `negotiate of ${hub}, by header`,
        async (token: string) => {
          const headers = { authorization: `Bearer ${token}` };
          return (await fetch(`${url}/hubs/${hub}/negotiate?negotiateVersion=1`, { method: "POST", headers })).status;
        },
      ],
      [
        `negotiate of ${hub}, by address`,
        async (token: string) => {
          const query = new URLSearchParams({ negotiateVersion: "1", access_token: token });
          return (await fetch(`${url}/hubs/${hub}/negotiate?${query}`, { method: "POST" })).status;
        },
      ],
      [
        `a WebSocket to ${hub}`,
        (token: string) => upgrade(`/hubs/${hub}?${new URLSearchParams({ access_token: token })}`),
      ],
    ]),
  ),
};

const statuses = async (token: string): Promise<Record<string, number>> =>
  Object.fromEntries(await Promise.all(Object.entries(doors).map(async ([name, door]) => [name, await door(token)])));

test("a token made like the server's own opens every door, so what is wrong with the others is what they say", async () => {
  for (const token of [good.accessToken, await signed({}), await signed({}, { kid: undefined })])
    expect(new Set(Object.values(await statuses(token)))).toEqual(new Set([200, 101]));
});

const hour = 3_600;
const now = () => Math.floor(Date.now() / 1000);
const foreignKey = async () => (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])).privateKey;

/** One thing wrong in each. */
const forged: Readonly<Record<string, () => Promise<string>>> = {
  "nothing at all": async () => "x",
  "no signature": async () => new UnsecuredJWT(claims).encode(),
  "none, written otherwise": async () => `${encoded({ ...header, alg: "nOnE" })}.${encoded(claims)}.`,
  "a signature taken off": async () => good.accessToken.replace(/[^.]*$/, ""),
  "other claims under its signature": async () => {
    const [head, , signature] = good.accessToken.split(".");
    return `${head}.${encoded({ ...claims, sub: newUserId() })}.${signature}`;
  },
  "a part too many": async () => `${good.accessToken}.x`,
  "the public key as a secret (HS256)": async () => {
    const { x = "" } = await exportJWK(createPublicKey(ownKey));
    const text = `${encoded({ ...header, alg: "HS256" })}.${encoded(claims)}`;
    return `${text}.${createHmac("sha256", Buffer.from(x, "base64url")).update(text).digest("base64url")}`;
  },
  "the public key's PEM as a secret (HS512)": async () => {
    const pem = createPublicKey(ownKey).export({ format: "pem", type: "spki" });
    const text = `${encoded({ ...header, alg: "HS512" })}.${encoded(claims)}`;
    return `${text}.${createHmac("sha512", pem).update(text).digest("base64url")}`;
  },
  "another algorithm": async () => {
    const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
      "sign",
      "verify",
    ]);
    return signed({}, { alg: "ES256" }, privateKey);
  },
  "a foreign key under our name": async () => signed({}, {}, await foreignKey()),
  "a foreign key that it brings itself": async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
    return signed({}, { jwk: await exportJWK(publicKey), kid: undefined }, privateKey);
  },
  "a key that is not there": async () => signed({}, { kid: "../../dev/null" }),
  "an extension that is not known": async () => {
    const text = `${encoded({ ...header, crit: ["b64x"], b64x: true })}.${encoded(claims)}`;
    return `${text}.${sign(null, Buffer.from(text), ownKey).toString("base64url")}`;
  },
  expired: () => signed({ exp: now() - 1, iat: now() - hour }),
  "of the future": () => signed({ nbf: now() + hour }),
  "without an end": () => signed({ exp: undefined }),
  "with an end that is no number": () => signed({ exp: "tomorrow" }),
  "without a time": () => signed({ iat: undefined }),
  "without an id of its own": () => signed({ jti: undefined }),
  "a foreign issuer": () => signed({ iss: "https://evil.example" }),
  "no issuer": () => signed({ iss: undefined }),
  "a foreign audience": () => signed({ aud: "another" }),
  "no audience": () => signed({ aud: undefined }),
  "an ID token": () => signed({}, { typ: "JWT" }),
  "of no type": () => signed({}, { typ: undefined }),
  "a refresh token's type": () => signed({}, { typ: "rt+jwt" }),
  "of nobody": () => signed({ sub: undefined }),
  "of a number": () => signed({ sub: 7 }),
  "of a name": () => signed({ sub: "ada" }),
  "of no session": () => signed({ sid: undefined }),
  "of a session that is none": () => signed({ sid: "x" }),
  "a refresh token": async () => good.refreshToken,
  "a ticket used up, or not for this door": async () => {
    const { body } = await post("/auth/hub-ticket", { hub: "presence" }, good.accessToken);
    await upgrade(`/hubs/presence?access_token=${body.ticket}`);
    return body.ticket;
  },
  "of a session that has ended": async () => {
    const { accessToken } = await signIn();
    await post("/auth/logout", {}, accessToken);
    return accessToken;
  },
};

test.each(Object.entries(forged))("a token is 401 at every door: %s", async (_what, make) => {
  const token = await make();
  expect(await statuses(token)).toEqual(Object.fromEntries(Object.keys(doors).map((door) => [door, 401])));
});
