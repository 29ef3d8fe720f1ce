import { expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { exampleNames, startExample } from "./example-server.ts";
import { readmeFiles } from "./package/installed-package.ts";

/** What every example offers, to a client of a WebSocket and to one of plain requests. */
async function tryChat(address: string): Promise<void> {
  const connect = async (transport: HttpTransportType) => {
    const builder = new HubConnectionBuilder().withUrl(`${address}/chat`, { transport });
    const client = builder.configureLogging(LogLevel.None).build();
    await client.start();
    return client;
  };
  const [ada, bob] = [await connect(HttpTransportType.WebSockets), await connect(HttpTransportType.LongPolling)];
  const heard = new Promise((resolve) => bob.on("said", (...args) => resolve(args)));
  await bob.invoke("join", "hall");
  await ada.invoke("say", "hall", "hello");
  expect(await heard).toEqual(["hall", "hello"]);
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

for (const runtime of ["Bun", "Node"] as const) {
  for (const name of exampleNames[runtime]) {
    test(`the example ${name}.ts on ${runtime}`, async () => {
      const server = await startExample(runtime, name);
      await tryChat(server.address);
      expect(await (await fetch(server.address)).text()).toContain('<script src="/signalr.js">');
      await server.stop();
    });
  }
}

test("the README's page is the examples'", async () => {
  const page = await Bun.file(join(import.meta.dirname, "../examples/index.html")).text();
  expect((await readmeFiles()).get("index.html")).toBe(page);
});

test("every example is tried, and says in its first line how it is run", async () => {
  const folder = join(import.meta.dirname, "../examples");
  const parts = ["chat-hub.ts", "page.ts"];
  const names = (await readdir(folder)).filter((file) => file.endsWith(".ts") && !parts.includes(file)).sort();
  expect(names).toEqual([...exampleNames.Bun, ...exampleNames.Node].map((name) => `${name}.ts`).sort());
  for (const name of names) {
    expect(await Bun.file(join(folder, name)).text()).toMatch(new RegExp(`^// (bun|node) examples/${name}`));
  }
});
