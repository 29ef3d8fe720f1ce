import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { startBunServer } from "../bun-server.ts";
import { startOnNode } from "../node/start-node.ts";
import { handshake, openRaw } from "../raw-client.ts";
import { startTcpProxy } from "../tcp-proxy.ts";
import { build, exhaust, failureOf, newTicket, ticketContract, transports } from "./ticket-contract.ts";
import { ticketHub } from "./ticket-hub.ts";

async function onBun() {
  const server = startBunServer({ hubs: [ticketHub] });
  return { address: server.address, stop: () => server[Symbol.asyncDispose]() };
}

const onNode = () => startOnNode(join(import.meta.dir, "../node/contract-server.ts"));

for (const [runtime, start] of [
  ["Bun", onBun],
  ["Node", onNode],
] as const) {
  describe(runtime, () => {
    let server: { readonly address: string; stop(): Promise<void> };
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());
    for (const transport of transports) ticketContract(transport, () => server.address);
    otherWaysIn(() => server.address);
  });
}

function otherWaysIn(address: () => string): void {
  test("[A1] a WebSocket without negotiate uses its ticket up, in the query and in the header", async () => {
    const ticket = newTicket("ada");
    const client = build(address(), "WebSockets", () => ticket, { skipNegotiation: true });
    await client.start();
    await exhaust(client);
    expect(await client.invoke("Ticket")).toEqual([ticket, 1]);
    expect(await failureOf(build(address(), "WebSockets", () => ticket, { skipNegotiation: true }))).not.toBe(
      "It was let in.",
    );
    await client.stop();

    const second = newTicket("ada");
    const authorization = `Bearer ${second}`;
    const raw = await openRaw(`${address()}/tickets`, { authorization });
    raw.send(handshake);
    expect(await raw.next()).toEqual({});
    await expect(openRaw(`${address()}/tickets`, { authorization })).rejects.toThrow();
    await expect(openRaw(`${address()}/tickets?access_token=${second}`)).rejects.toThrow();
    raw.close();
  });

  test("[A4][SR1] a resumed connection shows negotiate's ticket again, or a new one", async () => {
    for (const renewed of [false, true]) {
      using proxy = await startTcpProxy(address());
      const first = newTicket("ada");
      const client = build(proxy.address, "WebSockets", () => (renewed ? newTicket("ada") : first));
      await client.start();
      const id = client.connectionId;
      const before = await client.invoke("Ticket");
      proxy.breakAll();
      expect(await client.invoke("Ticket")).toEqual(before);
      expect(client.connectionId).toBe(id);
      await client.stop();
    }
  });
}
