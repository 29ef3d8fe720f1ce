import { join } from "node:path";
import { contractHub } from "../../src/testing/contract-hub.ts";
import { ContractSignalR, failingOnPurpose } from "../../src/testing/contract-signalr.ts";
import { startBunServer } from "../bun-server.ts";
import { startRoundRobin } from "../forwarding/round-robin.ts";
import { type JoinedBy, joinedBy } from "../joined.ts";
import { startOnNode } from "../node/start-node.ts";
import { startOnBun } from "../node/start-on-bun.ts";
import { startTcpProxy } from "../tcp-proxy.ts";
import { ticketHub } from "../tickets/ticket-hub.ts";
import { runtimeNames } from "./combination.ts";

const modules = join(import.meta.dir, "../../../../node_modules/@microsoft");

/** What a page loads: the official client as it is published for browsers, and the scripts. */
async function pageFiles(): Promise<Readonly<Record<string, Blob>>> {
  const built = await Bun.build({ entrypoints: [join(import.meta.dir, "in-page.ts")], target: "browser" });
  const [scripts] = built.outputs;
  if (!built.success || scripts === undefined)
    throw new AggregateError(built.logs, "The scripts could not be bundled.");
  const names = ["signalr.js", "signalr-protocol-msgpack.js", "scripts.js"];
  const page = `<!doctype html><title>scripts</title>${names.map((name) => `<script src="/${name}"></script>`).join("")}`;
  return {
    "/": new Blob([page], { type: "text/html" }),
    "/signalr.js": Bun.file(join(modules, "signalr/dist/browser/signalr.js")),
    "/signalr-protocol-msgpack.js": Bun.file(
      join(modules, "signalr-protocol-msgpack/dist/browser/signalr-protocol-msgpack.js"),
    ),
    "/scripts.js": scripts,
  };
}

/** Of each the named runtime negotiates. */
function balancersOf(onBun: string, onNode: string) {
  return { Bun: startRoundRobin([onBun, onNode]), Node: startRoundRobin([onNode, onBun]) };
}

/**
 * The hubs on both runtimes, ways to them that can be broken, and a page with the official client.
 * @param joined what joins the two, if they are: then most requests on a way to one reach the other
 */
export async function startFixture(joined?: JoinedBy) {
  const hubs = [contractHub, ticketHub];
  const options = { hubs, logger: failingOnPurpose, ...(joined === undefined ? {} : joinedBy(joined)) };
  const onBun = startBunServer(options, (all) => new ContractSignalR(all));
  await Promise.all([onBun.signalr.hub(contractHub).ready, onBun.signalr.hub(ticketHub).ready]);
  const onNode = await startOnNode(join(import.meta.dir, "../node/contract-server.ts"), { ...joined });
  const balancers = joined === undefined ? null : balancersOf(onBun.address, onNode.address);
  const nodeOnBun = await startOnBun(join(import.meta.dir, "../node/contract-server.ts"));
  const servers = { Bun: onBun, Node: onNode, "node:http under Bun": nodeOnBun, ...balancers };
  const files = await pageFiles();
  const ways = new Map<string, Awaited<ReturnType<typeof startTcpProxy>>>();

  const control = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { pathname } = new URL(request.url);
      switch (pathname) {
        case "/ways": {
          const asked = await request.text();
          const runtime = runtimeNames.find((name) => name === asked);
          if (runtime === undefined) return new Response(null, { status: 404 });
          const way = await startTcpProxy(servers[runtime].address);
          ways.set(way.address, way);
          return new Response(way.address);
        }
        case "/breaks":
          ways.get(await request.text())?.breakAll();
          return new Response();
        case "/outages":
          ways.get(await request.text())?.setOut(true);
          return new Response();
        case "/mends":
          ways.get(await request.text())?.setOut(false);
          return new Response();
        default:
          return new Response(files[pathname] ?? null, { status: pathname in files ? 200 : 404 });
      }
    },
  });

  return {
    address: `http://127.0.0.1:${control.port}`,
    async stop() {
      for (const way of ways.values()) way[Symbol.dispose]();
      for (const balancer of Object.values(balancers ?? {})) balancer[Symbol.dispose]();
      await control.stop(true);
      await Promise.all([onBun[Symbol.asyncDispose](), onNode.stop(), nodeOnBun.stop()]);
    },
  };
}

if (import.meta.main) {
  const fixture = await startFixture();
  process.stdout.write(`${fixture.address}\n`);
  process.stdin.resume().once("end", () => void fixture.stop());
}
