import { expect, test } from "bun:test";
import { join } from "node:path";
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { startOnNode } from "./node/start-node.ts";

/** What every example offers, to a client of a WebSocket and to one of plain requests. */
async function tryChat(address: string): Promise<void> {
  const connect = async (transport: HttpTransportType) => {
    const builder = new HubConnectionBuilder().withUrl(`${address}/chat`, { transport });
    const client = builder.configureLogging(LogLevel.None).build();
    await client.start();
    return client;
  };
  const [ada, bob] = [await connect(HttpTransportType.WebSockets), await connect(HttpTransportType.LongPolling)];
  const heard = new Promise((resolve) => bob.on("said", resolve));
  await bob.invoke("join", "hall");
  await ada.invoke("say", "hall", "hello");
  expect(await heard).toEqual({ room: "hall", text: "hello" });
  expect(await ada.invoke("say", "hall", "").catch((error: Error) => error.message)).toBe(
    "EMPTY: There is nothing to say.",
  );
  const counted: unknown[] = [];
  await new Promise<void>((complete, error) => {
    ada.stream("countdown", 3).subscribe({ next: (item) => counted.push(item), complete, error });
  });
  expect(counted).toEqual([3, 2, 1]);
  await Promise.all([ada.stop(), bob.stop()]);
}

test("the example on Bun", async () => {
  const { server, stop } = await import("../examples/bun.ts");
  await tryChat(`http://127.0.0.1:${server.port}`);
  await stop();
});

test("the example in Hono", async () => {
  const { server, stop } = await import("../examples/hono.ts");
  const address = `http://127.0.0.1:${server.port}`;
  await tryChat(address);
  expect(await (await fetch(address)).text()).toBe("The hub is at /chat.");
  await stop();
});

for (const name of ["node-http", "express", "fastify"]) {
  test(`the example in ${name}.ts on Node`, async () => {
    const server = await startOnNode(join(import.meta.dir, `../examples/${name}.ts`));
    await tryChat(server.address);
    if (name !== "node-http") expect(await (await fetch(server.address)).text()).toBe("The hub is at /chat.");
    await server.stop();
  });
}
