import { RawClient } from "../client/raw-client.ts";
import { negotiatedId } from "../client/wire.ts";
import { inTurn, type Script } from "../script.ts";

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
  async run({ address }, note) {
    const hub = `${address}/hasty`;
    await inTurn(all, async (transport) => {
      const client = await RawClient.open(hub, { transport });
      note(`${transport}: no handshake`, await client.ended());
    });
    await inTurn(all, async (transport) => {
      const client = await RawClient.connect(hub, { transport });
      await Bun.sleep(2200);
      note(`${transport}: a client that never pings`, {
        pinged: client.pings > 0,
        messages: client.take(),
        end: client.end,
      });
      await client.leave();
    });
    await inTurn(all, async (transport) => {
      const client = await RawClient.connect(hub, { transport });
      await client.send({ type: 6 });
      await Bun.sleep(2800);
      note(`${transport}: a client that pings once`, { messages: client.take(), end: client.end });
      await client.leave();
    });
    await inTurn(["WebSockets", "ServerSentEvents"] as const, async (transport) => {
      const client = await RawClient.connect(hub, { transport });
      await inTurn([1, 2, 3, 4, 5], async () => {
        await client.send({ type: 6 });
        await Bun.sleep(400);
      });
      note(`${transport}: a client that keeps pinging`, { messages: client.take(), end: client.end });
      await client.leave();
    });
    const url = `${hub}?id=${await negotiatedId(hub)}`;
    await fetch(url);
    await fetch(url, { method: "POST", body: '{"protocol":"json","version":1}\x1e' });
    await (await fetch(url)).text();
    const empty = await fetch(url);
    note("a poll without data", { status: empty.status, text: await empty.text() });
  },
};
