import type { Message } from "../client/codec.ts";
import { RawClient } from "../client/raw-client.ts";
import { negotiatedId } from "../client/wire.ts";
import { atOnce, type Script, type Target } from "../script.ts";

const echo = (invocationId: string, value: string): Message => ({
  type: 1,
  invocationId,
  target: "Echo",
  arguments: [value],
});
const acknowledgement = (sequenceId: number): Message => ({ type: 8, sequenceId });
const sequence = (sequenceId: number): Message => ({ type: 9, sequenceId });
const has = (count: number) => (messages: readonly Message[]) => messages.length >= count;

/** Milliseconds within which a server has noticed that a socket broke. */
const noticed = 300;

/** Milliseconds within which an acknowledgement must have come. */
const acknowledged = 2500;

/** Connections that outlive their sockets. */
export const stateful: Script = {
  name: "stateful",
  speaks: true,
  deviations: {
    "two sockets at once": {
      why: "A client may know that its socket is dead before its server does; the reference ends the connection.",
      ours: {
        first: { messages: [{ type: 3, invocationId: "1", result: "a" }], end: "close 1000" },
        second: [
          { type: 9, sequenceId: 1 },
          { type: 3, invocationId: "1", result: "a" },
          { type: 3, invocationId: "2", result: "b" },
        ],
      },
    },
  },
  run: (target, note) =>
    atOnce(
      {
        acknowledgements: acknowledgements(target),
        "a lost socket": lostSocket(target),
        "a gap": gap(target),
        "two sockets at once": twoSockets(target),
        "after a goodbye": afterGoodbye(target),
        "without the version for it": firstVersion(target),
        "without asking for it": notAsked(target),
      },
      note,
    ),
};

async function begin({ address, protocol }: Target, version = 2) {
  const hub = `${address}/oracle`;
  const id = await negotiatedId(hub);
  const options = { transport: "WebSockets", protocol, id } as const;
  const again = async () => RawClient.resume(hub, options);
  return { client: await RawClient.connect(hub, options, version), again };
}

/** Counts what has been received, messages and not pings, a second after the first of them. */
async function acknowledgements(target: Target) {
  const { client } = await begin(target);
  await client.send(echo("1", "a"), echo("2", "b"), { type: 6 });
  await client.until(has(3), acknowledged);
  const first = client.take();
  await client.send(echo("3", "c"));
  await client.until(has(2), acknowledged);
  await client.leave();
  return [first, client.take()];
}

async function lostSocket(target: Target) {
  const { client, again } = await begin(target);
  await client.send(echo("1", "a"), echo("2", "b"), echo("3", "c"));
  await client.until(has(3));
  await client.send(acknowledgement(1));
  await Bun.sleep(50);
  const before = client.take();
  client.wire.drop();
  await Bun.sleep(noticed);
  const next = await again();
  // The last of the three once more, and one that is new.
  await next.send(sequence(3), echo("3", "c"), echo("4", "d"));
  await next.until(has(4));
  await next.until(has(5), acknowledged);
  const after = next.take();
  await next.leave();
  return { before, after };
}

async function gap(target: Target) {
  const { client, again } = await begin(target);
  await client.send(echo("1", "a"));
  await client.until(has(1));
  client.wire.drop();
  await Bun.sleep(noticed);
  const next = await again();
  await next.send(sequence(7));
  return next.ended();
}

async function twoSockets(target: Target) {
  const { client, again } = await begin(target);
  await client.send(echo("1", "a"));
  await client.until(has(1));
  const next = await again().catch((error: Error) => error.message);
  if (typeof next === "string") return next;
  await next.send(sequence(2), echo("2", "b"));
  await next.until(has(3));
  await client.until(() => false);
  await next.leave();
  return { first: { messages: client.take(), end: client.end }, second: next.take().filter(({ type }) => type !== 8) };
}

async function afterGoodbye(target: Target) {
  const { client, again } = await begin(target);
  await client.send({ type: 7 });
  const { end } = await client.ended();
  await Bun.sleep(100);
  return {
    end,
    again: await again().then(
      () => "taken",
      (error: Error) => error.message,
    ),
  };
}

async function firstVersion(target: Target) {
  const { client, again } = await begin(target, 1);
  await client.send(echo("1", "a"));
  await client.until(has(1));
  await Bun.sleep(1500);
  const messages = client.take();
  client.wire.drop();
  await Bun.sleep(200);
  return {
    messages,
    again: await again().then(
      () => "taken",
      (error: Error) => error.message,
    ),
  };
}

/** A hub that does not allow it takes the handshake's second version all the same. */
async function notAsked({ address, protocol }: Target) {
  const client = await RawClient.connect(`${address}/detailed`, { transport: "WebSockets", protocol }, 2);
  await client.send(echo("1", "a"));
  await client.until(has(1));
  await Bun.sleep(1500);
  await client.leave();
  return client.take();
}
