import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpTransportType, type HubConnection, HubConnectionBuilder, LogLevel, Subject } from "@microsoft/signalr";
import { bundleForNode, type Started, startListening } from "./start.ts";

/** What the .NET client's tests call: this repository runs none of them. */
async function dotnetMethods(client: HubConnection): Promise<void> {
  const echoed = new Promise((resolve) => client.on("Echo", resolve));
  expect(await client.invoke("HelloWorld")).toBe("Hello World!");
  expect(await client.invoke("CallEcho", "x")).toBeNull();
  expect(await echoed).toBe("x");
  expect(await client.invoke("GetCallerConnectionId")).toBe(client.connectionId);
  expect(await client.invoke("GetUserIdentifier")).toBe("SuperAdmin");
  expect(await client.invoke("GetHeaderValues", ["X-test", "Absent"])).toEqual(["42", null]);
  expect(await client.invoke("GetCookieValue", "fromNegotiate")).toBe("a value");
  expect(await client.invoke("GetHttpProtocol")).toBe("HTTP/1.1");
  const [localPort, remotePort, ...addresses] = await client.invoke("GetIHttpConnectionFeatureProperties");
  expect([localPort > 0, remotePort > 0, addresses]).toEqual([true, true, ["127.0.0.1", "127.0.0.1"]]);
  expect(await items(client, "Stream", 3)).toEqual([0, 1, 2]);
  const unfit =
    "Failed to invoke 'Stream' due to an error on the server. InvalidDataException: Invocation provides 2 argument(s) but target expects 1.";
  expect(await items(client, "Stream", 1, 2)).toEqual([unfit]);
  await expect(client.invoke("Stream", 1, 2)).rejects.toThrow(unfit);
  await expect(client.invoke("StreamEcho", ["1", "2"])).rejects.toThrow(
    "Failed to invoke 'StreamEcho' due to an error on the server. InvalidDataException: Invocation provides 1 argument(s) but target expects 0.",
  );
  await expect(client.invoke("Stream", 1)).rejects.toThrow(
    "streaming 'Stream' method with a non-streaming invocation.",
  );
  expect(await items(client, "StreamException")).toEqual([
    "An unexpected error occurred invoking 'StreamException' on the server. InvalidOperationException: Error occurred while streaming.",
  ]);
  expect(await items(client, "StreamBroken")).toEqual([
    "The value returned by the streaming method 'StreamBroken' is not a ChannelReader<> or IAsyncEnumerable<>.",
  ]);
  for (const method of ["StreamEcho", "StreamEchoInt", "StreamIAsyncConsumer"]) {
    const subject = new Subject<number>();
    const echo = items(client, method, subject);
    subject.next(1);
    subject.next(2);
    subject.complete();
    expect(await echo).toEqual([1, 2]);
  }
  const closed = new Promise<string | undefined>((resolve) => client.onclose((error) => resolve(error?.message)));
  await client.invoke("GetUnserializableObject").catch(() => undefined);
  expect(await closed).toContain(
    "Connection closed with an error. JsonException: A possible object cycle was detected.",
  );
}

function items(client: HubConnection, method: string, ...args: readonly unknown[]): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  return new Promise((resolve) => {
    client.stream(method, ...args).subscribe({
      next: (item) => seen.push(item),
      error: (error: Error) => resolve([...seen, error.message]),
      complete: () => resolve(seen),
    });
  });
}

async function connect(url: string, transport: HttpTransportType): Promise<HubConnection> {
  const headers = { "Super-Insecure-UserName": "SuperAdmin", "X-test": "42", Cookie: "fromNegotiate=a%20value" };
  const client = new HubConnectionBuilder()
    .withUrl(url, { transport, headers })
    .configureLogging(LogLevel.None)
    .build();
  await client.start();
  return client;
}

const runtimes = {
  Bun: async () => [process.execPath, join(import.meta.dir, "bun.ts")],
  "node:http under Bun": async () => [process.execPath, join(import.meta.dir, "node.ts")],
  Node: async (folder: string) => ["node", await bundleForNode(join(import.meta.dir, "node.ts"), folder)],
} as const;

for (const [runtime, commandIn] of Object.entries(runtimes)) {
  describe(`the test server on ${runtime}`, () => {
    let server: Started;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "test-server-"));
      server = await startListening(await commandIn(folder));
    });
    afterAll(async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    });
    const at = (path: string) => `${server.addresses[0]}${path}`;
    const transports = {
      "/default": HttpTransportType.WebSockets,
      "/dynamic": HttpTransportType.ServerSentEvents,
      "/hubT": HttpTransportType.LongPolling,
    } as const;
    for (const [path, transport] of Object.entries(transports)) {
      test(`${path} over ${HttpTransportType[transport]}`, async () => {
        await dotnetMethods(await connect(at(path), transport));
      });
    }

    test("tokens, and the way to a hub that wants one", async () => {
      const { url, accessToken } = await (
        await fetch(at("/redirect/negotiate?negotiateVersion=1"), { method: "POST" })
      ).json();
      expect(url).toBe(at("/authorizedHub"));
      const token = await (await fetch(at("/generateJwtToken/somebody"))).text();
      const statusOf = async (path: string, authorization: string) =>
        (await fetch(at(path), { method: "POST", headers: { authorization } })).status;
      expect(await statusOf("/authorizedhub/negotiate", `Bearer ${accessToken}`)).toBe(200);
      expect(await statusOf("/authorizedhub2/negotiate", `Bearer ${token}`)).toBe(200);
      expect(await statusOf("/authorizedhub2/negotiate", `Bearer ${token}x`)).toBe(401);
    });

    test("negotiate: the lowest version, four cookies", async () => {
      const negotiated = async (path: string) => fetch(at(`${path}/negotiate?negotiateVersion=1`), { method: "POST" });
      const refused = await (await negotiated("/negotiateProtocolVersion12")).json();
      expect(refused.error).toBe("The client requested version '1', but the server does not support this version.");
      const response = await negotiated("/negotiateProtocolVersionNegative");
      expect((await response.clone().json()).negotiateVersion).toBe(1);
      const names = response.headers.getSetCookie().map((cookie) => cookie.split("=")[0]);
      expect(names).toEqual(["testCookie", "testCookie2", "expiredCookie", "fromNegotiate"]);
    });
  });
}
