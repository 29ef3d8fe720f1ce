import { RawClient } from "../client/raw-client.ts";
import { negotiatedId } from "../client/wire.ts";
import { atOnce, type Script, type TransportName } from "../script.ts";

const all = ["WebSockets", "ServerSentEvents", "LongPolling"] as const;

/** What silence leads to: the hub's times are 500 ms for a handshake, a ping and a poll, and 1,000 ms for a client. */
export const times: Script = {
  name: "times",
  speaks: false,
  deviations: {
    "LongPolling: a client that pings once": {
      why: "A polling client that is gone is known by its missing polls.",
      ours: { messages: [] },
    },
  },
  run({ address }, note) {
    const hub = `${address}/hasty`;
    const each = (
      title: string,
      transports: readonly TransportName[],
      use: (hub: string, transport: TransportName) => Promise<unknown>,
    ) => Object.fromEntries(transports.map((transport) => [`${transport}: ${title}`, use(hub, transport)]));
    return atOnce(
      {
        ...each("no handshake", all, noHandshake),
        ...each("a client that never pings", all, silentClient),
        ...each("a client that pings once", all, clientThatStops),
        // A polling client says by its polls that it is there.
        ...each("a client that keeps pinging", ["WebSockets", "ServerSentEvents"], livelyClient),
        "a poll without data": emptyPoll(hub),
      },
      note,
    );
  },
};

async function noHandshake(hub: string, transport: TransportName) {
  return (await RawClient.open(hub, { transport })).ended();
}

async function silentClient(hub: string, transport: TransportName) {
  const client = await RawClient.connect(hub, { transport });
  await Bun.sleep(2200);
  const observed = { pinged: client.pings > 0, messages: client.take(), end: client.end };
  await client.leave();
  return observed;
}

async function clientThatStops(hub: string, transport: TransportName) {
  const client = await RawClient.connect(hub, { transport });
  await client.send({ type: 6 });
  await Bun.sleep(2800);
  const observed = { messages: client.take(), end: client.end };
  await client.leave();
  return observed;
}

async function livelyClient(hub: string, transport: TransportName) {
  const client = await RawClient.connect(hub, { transport });
  for (let count = 0; count < 5; count++) {
    await client.send({ type: 6 });
    await Bun.sleep(400);
  }
  const observed = { messages: client.take(), end: client.end };
  await client.leave();
  return observed;
}

async function emptyPoll(hub: string) {
  const url = `${hub}?id=${await negotiatedId(hub)}`;
  await fetch(url);
  await fetch(url, { method: "POST", body: '{"protocol":"json","version":1}\x1e' });
  await (await fetch(url)).text();
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}
