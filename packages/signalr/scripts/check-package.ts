import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "bun";

/** Installs the built package into an empty project, and has it serve a client under Node and under Bun. */
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
} finally {
  await rm(project, { recursive: true });
}
