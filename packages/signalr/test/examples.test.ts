import { expect, test } from "bun:test";
import { join } from "node:path";
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { startOnNode } from "./node/start-node.ts";

/** What every example offers. */
async function tryChat(address: string): Promise<void> {
  const connect = async () => {
    const client = new HubConnectionBuilder().withUrl(`${address}/chat`).configureLogging(LogLevel.None).build();
    await client.start();
    return client;
  };
  const [ada, bob] = [await connect(), await connect()];
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

test("the example on node:http", async () => {
  const server = await startOnNode(join(import.meta.dir, "../examples/node-http.ts"));
  await tryChat(server.address);
  await server.stop();
});
