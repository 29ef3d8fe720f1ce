import { afterAll, describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { InstalledPackage, readmeFiles } from "./installed-package.ts";

/** Milliseconds for a test that starts compilers and servers on a machine with other work. */
const timeout = 60_000;
const installed = await InstalledPackage.install();

describe.skipIf(installed === undefined)("the package, installed into an empty project", () => {
  const project = (): InstalledPackage => {
    if (installed === undefined) throw new Error("The package is not installed.");
    return installed;
  };
  afterAll(() => installed?.remove());

  test("holds what is built, the licence and the documents, and nothing else", async () => {
    const files = await project().files();
    const folders = new Set(files.map((file) => (file.includes("/") ? `${file.split("/")[0]}/` : file)));
    const sources = await readdir(join(import.meta.dirname, "../../src"), { withFileTypes: true });
    const parts = sources.filter((entry) => entry.isDirectory() && entry.name !== "testing");
    const code = parts.map(({ name }) => `${name}/`);
    const modules = ["index", "signalr"].flatMap((name) => [`${name}.js`, `${name}.d.ts`]);
    const documents = ["LICENSE", "README.md", "SPEC.md", "docs/", "examples/", "package.json"];
    expect([...folders].sort()).toEqual([...code, ...modules, ...documents].sort());
    const compiled = files.filter((file) => code.some((folder) => file.startsWith(folder)));
    expect(compiled.filter((file) => !/\.(js|d\.ts)$/.test(file) || /\.test\./.test(file))).toEqual([]);
  });

  test("has documents whose links lead somewhere", async () => {
    const files = new Set(await project().files());
    for (const file of [...files].filter((name) => name.endsWith(".md"))) {
      const text = await project().read(file);
      for (const [, link = ""] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
        const target = join(dirname(file), link);
        const isThere = files.has(target) || [...files].some((other) => other.startsWith(`${target}/`));
        if (!isThere) throw new Error(`${file} links to ${link}.`);
      }
    }
  });

  test(
    "has every export of its manifest, and its types, on Node and on Bun",
    async () => {
      const { exports } = await project().manifest();
      const names = Object.keys(exports).map((name) => `@hubbub/signalr${name.slice(1)}`);
      expect(names.length).toBeGreaterThan(3);
      const lines = names.map(
        (name, n) => `import * as part${n} from "${name}";\nconsole.log(Object.keys(part${n}).length);`,
      );
      await project().write("exports.ts", lines.join("\n"));
      await project().compile("exports.ts");
      for (const [program = "", file = ""] of [
        ["node", "exports.js"],
        [process.execPath, "exports.ts"],
      ]) {
        const counts = (await project().run(program, file)).trim().split("\n").map(Number);
        expect(counts.map((count) => count > 0)).toEqual(names.map(() => true));
      }
    },
    timeout,
  );

  test(
    "serves a client on Node and on Bun",
    async () => {
      await project().copy(join(import.meta.dirname, "project"));
      await project().compile("on-node.ts", "on-bun.ts");
      await project().run("node", "on-node.js");
      await project().run(process.execPath, "on-node.ts");
      await project().run(process.execPath, "on-bun.ts");
    },
    timeout,
  );

  test(
    "gives a hub its types, and hides what is the library's own",
    async () => {
      await project().write("typed.ts", typed);
      await project().compile("typed.ts");
    },
    timeout,
  );

  describe("the README", () => {
    const servers = [
      { name: "server-bun.ts", command: [process.execPath, "server-bun.ts"] },
      { name: "server-node.ts", command: ["node", "server-node.js"] },
    ];

    test.each(servers)(
      "leads to a chat with $name",
      async ({ name, command }) => {
        const port = freePort();
        for (const [file, text] of await readmeFiles()) {
          await project().write(file, text.replaceAll("8080", String(port)));
        }
        await project().compile(name, "chat-hub.ts");
        const server = Bun.spawn(command, { cwd: project().folder, stdout: "inherit", stderr: "inherit" });
        try {
          await talk(`http://localhost:${port}`);
        } finally {
          server.kill();
          await server.exited;
        }
      },
      timeout,
    );

    test(
      "has parts that compile",
      async () => {
        for (const [file, text] of await readmeFiles()) await project().write(file, text);
        await project().compile(...[...(await readmeFiles()).keys()].filter((file) => file.endsWith(".ts")));
      },
      timeout,
    );
  });
});

const typed = `
import { anonymous, createSignalR, defineHub } from "@hubbub/signalr";
import { nodeRuntime } from "@hubbub/signalr/node";
const hub = defineHub<{ user: undefined; events: { said: string } }>()({ path: "/x", authenticate: anonymous, methods: {} });
const signalr = createSignalR({ hubs: [hub] });
signalr.hub(hub).clients.all.send("said", "hello");
// @ts-expect-error an event has its own payload
signalr.hub(hub).clients.all.send("said", 1);
// @ts-expect-error the library's own
signalr.wheel;
nodeRuntime(signalr);
`;

function freePort(): number {
  const server = Bun.serve({ port: 0, fetch: () => new Response() });
  const { port } = server;
  void server.stop(true);
  if (port === undefined) throw new Error("There is no free port.");
  return port;
}

/** Opens the README's page once it is there, and says something in its hall. */
async function talk(address: string): Promise<void> {
  let page: Response | undefined;
  while (page === undefined) page = await fetch(address).catch(() => Bun.sleep(50).then(() => undefined));
  expect(await page.text()).toContain(`src="/signalr.js"`);
  expect(await (await fetch(`${address}/signalr.js`)).text()).toContain("HubConnectionBuilder");
  const connection = new HubConnectionBuilder().withUrl(`${address}/chat`).configureLogging(LogLevel.None).build();
  const heard = new Promise<unknown[]>((resolve) => connection.on("said", (...args) => resolve(args)));
  await connection.start();
  await connection.invoke("join", "hall");
  await connection.invoke("say", "hall", "hello");
  expect(await heard).toEqual(["hall", "hello"]);
  await connection.stop();
}
