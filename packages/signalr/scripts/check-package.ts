import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "bun";

/** Installs the built package into an empty project, and has it serve a client under Node and under Bun; then follows the README there. */
const folder = join(import.meta.dir, "..");
const project = await mkdtemp(join(tmpdir(), "signalr-package-"));

const hub = `
import { anonymous, createSignalR, defineHub } from "@hubbub/signalr";
export const signalr = createSignalR({ hubs: [defineHub()({ path: "/echo", authenticate: anonymous, methods: { Echo: (_call, value) => value } })] });
`;
const client = `
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
export async function tryEcho(port) {
  const connection = new HubConnectionBuilder().withUrl("http://127.0.0.1:" + port + "/echo").configureLogging(LogLevel.None).build();
  await connection.start();
  if ((await connection.invoke("Echo", "hello")) !== "hello") throw new Error("No echo.");
  await connection.stop();
}
`;
const onNode = `
import { createServer } from "node:http";
import { nodeRuntime } from "@hubbub/signalr/node";
import { signalr } from "./hub.mjs";
import { tryEcho } from "./client.mjs";
const hubs = nodeRuntime(signalr);
const server = createServer((request, response) => void hubs.handleRequest(request, response));
hubs.attach(server);
server.listen(0, "127.0.0.1", async () => {
  await tryEcho(server.address().port);
  console.log("It works on Node " + process.version);
  process.exit(0);
});
`;
const onBun = `
import { bunRuntime } from "@hubbub/signalr/bun";
import { signalr } from "./hub.mjs";
import { tryEcho } from "./client.mjs";
const hubs = bunRuntime(signalr);
const server = Bun.serve({ port: 0, websocket: hubs.websocket, fetch: async (request, server) => (await hubs.fetch(request, server)).response });
await tryEcho(server.port);
console.log("It works on Bun " + Bun.version);
process.exit(0);
`;
const typed = `
import { anonymous, createSignalR, defineHub } from "@hubbub/signalr";
import { nodeRuntime } from "@hubbub/signalr/node";
const hub = defineHub<{ user: undefined; events: { said: string } }>()({ path: "/x", authenticate: anonymous, methods: {} });
const signalr = createSignalR({ hubs: [hub] });
signalr.hub(hub).clients.all.send("said", "hello");
// @ts-expect-error an event has its own payload
signalr.hub(hub).clients.all.send("said", 1);
nodeRuntime(signalr);
`;

/** The README's hub, its server on Bun, its server on Node, and its page. */
async function readmeExamples(port: number): Promise<Readonly<Record<string, string>>> {
  const readme = await Bun.file(join(folder, "README.md")).text();
  const [hub = "", onBun = "", onNode = "", page = ""] = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(
    ([, code = ""]) => code.replaceAll("8080", String(port)),
  );
  const afterwards = "await new Promise((resolve) => setTimeout(resolve, 50));\nawait connection.stop();\n";
  return { "chat-hub": hub, "readme-bun": onBun, "readme-node": onNode, "readme-page": page + afterwards };
}

function freePort(): number {
  const server = Bun.serve({ port: 0, fetch: () => new Response() });
  const { port } = server;
  void server.stop(true);
  if (port === undefined) throw new Error("There is no free port.");
  return port;
}

/** Starts one of the README's servers and has its page talk to it. */
async function followReadme(command: readonly string[], port: number): Promise<void> {
  const server = Bun.spawn([...command], { cwd: project, stdout: "inherit", stderr: "inherit" });
  try {
    const answers = () =>
      fetch(`http://localhost:${port}`).then(
        () => true,
        () => false,
      );
    for (let attempt = 0; attempt < 100 && !(await answers()); attempt++) await Bun.sleep(50);
    const heard = await $`node readme-page.js`.cwd(project).text();
    if (!heard.includes("hall hello")) throw new Error(`The README's page heard: ${heard}`);
  } finally {
    server.kill();
    await server.exited;
  }
}

try {
  await $`bun ${join(folder, "scripts/build.ts")}`;
  await $`npm pack --pack-destination ${project} ${join(folder, "dist")}`.quiet();
  await Bun.write(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  for (const [name, text] of Object.entries({ hub, client, onNode, onBun }))
    await Bun.write(join(project, `${name}.mjs`), text);
  await Bun.write(join(project, "typed.ts"), typed);
  const [archive = ""] = await Array.fromAsync(new Bun.Glob("*.tgz").scan(project));
  const { devDependencies } = await Bun.file(join(folder, "package.json")).json();
  const beside = ["ws", "@microsoft/signalr", "@types/ws"].map((name) => `${name}@${devDependencies[name]}`);
  await $`npm install --prefer-offline --no-audit --no-fund ./${archive} ${beside} @types/node@22`.cwd(project).quiet();
  await $`node onNode.mjs`.cwd(project);
  await $`${process.execPath} onBun.mjs`.cwd(project);
  const tsc = join(folder, "../../node_modules/.bin/tsc");
  await $`${tsc} --noEmit --strict --skipLibCheck --module nodenext --target es2023 --types node typed.ts`.cwd(project);
  process.stdout.write("Its types hold.\n");
  const port = freePort();
  for (const [name, text] of Object.entries(await readmeExamples(port)))
    await Bun.write(join(project, `${name}.ts`), text);
  await $`${tsc} --strict --skipLibCheck --rewriteRelativeImportExtensions --module nodenext --target es2023 --types node chat-hub.ts readme-node.ts readme-page.ts`.cwd(
    project,
  );
  await followReadme([process.execPath, "readme-bun.ts"], port);
  await followReadme(["node", "readme-node.js"], port);
  process.stdout.write("The README is true.\n");
} finally {
  await rm(project, { recursive: true });
}
