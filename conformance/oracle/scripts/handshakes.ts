import { withoutDetail } from "../client/codec.ts";
import { RawClient } from "../client/raw-client.ts";
import { type Deviation, inTurn, type Script, type TransportName } from "../script.ts";

const call = '{"type":1,"invocationId":"1","target":"Echo","arguments":["x"]}\x1e';

const transports = ["WebSockets", "ServerSentEvents", "LongPolling"] as const;

/** First words of a client, each in the pieces that are sent. */
const beginnings: Readonly<Record<string, readonly string[]>> = {
  "as it should be": ['{"protocol":"json","version":1}\x1e'],
  "version 2": ['{"protocol":"json","version":2}\x1e'],
  "version 3": ['{"protocol":"json","version":3}\x1e'],
  "version 0": ['{"protocol":"json","version":0}\x1e'],
  "version -1": ['{"protocol":"json","version":-1}\x1e'],
  "a version of another type": ['{"protocol":"json","version":"1"}\x1e'],
  "a broken version": ['{"protocol":"json","version":1.5}\x1e'],
  "no version": ['{"protocol":"json"}\x1e'],
  "no protocol": ['{"version":1}\x1e'],
  "a protocol of another type": ['{"protocol":1,"version":1}\x1e'],
  "no protocol at all": ['{"protocol":null,"version":1}\x1e'],
  "an unknown protocol": ['{"protocol":"xml","version":1}\x1e'],
  "a protocol in another case": ['{"protocol":"JSON","version":1}\x1e'],
  "more properties": ['{"more":{"a":[1]},"version":1,"protocol":"json"}\x1e'],
  "no object": ["[1]\x1e"],
  "no JSON": ["hello\x1e"],
  nothing: ["\x1e"],
  "a message behind it": [`{"protocol":"json","version":1}\x1e${call}`],
  "in pieces": ['{"proto', 'col":"json","ver', 'sion":1}', `\x1e${call.slice(0, 20)}`, call.slice(20)],
};

const refused = (transport: TransportName, version: number): Deviation => ({
  why: "Versions begin at 1.",
  ours: {
    messages: [{ error: `The server does not support version ${version} of the 'json' protocol.` }],
    end: { WebSockets: "close 1000", ServerSentEvents: "end of stream", LongPolling: "poll 204" }[transport],
  },
});

/** How connections begin, and how they do not. */
export const handshakes: Script = {
  name: "handshakes",
  speaks: false,
  deviations: {
    ...Object.fromEntries(
      transports.flatMap((transport) =>
        [0, -1].map((version) => [`${transport}: version ${version}`, refused(transport, version)]),
      ),
    ),
    "no JSON, with detailed errors": {
      why: "What a parser says about a client's first words helps nobody on the other side.",
      ours: { messages: [{ error: "An unexpected error occurred during connection handshake." }], end: "close 1000" },
    },
  },
  async run({ address }, note) {
    const begin = async (title: string, hub: string, transport: TransportName, pieces: readonly string[]) => {
      const client = await RawClient.open(address + hub, { transport });
      await inTurn(pieces, async (piece) => {
        // A frame of its own, and a segment of its own.
        await Bun.sleep(5);
        await client.write(piece);
      });
      const expected = pieces.some((piece) => piece.includes("\x1e{") || piece.startsWith("\x1e{")) ? 2 : 1;
      await client.until((messages) => messages.length >= expected);
      // An end follows a refusal, and nothing follows an acceptance.
      const refused = !client.peek().every((message) => message["error"] === undefined);
      if (refused) await client.until(() => false);
      note(title, { messages: client.take().map(withoutDetail), end: client.end });
      if (!refused) await client.leave();
    };
    await inTurn(transports, (transport) =>
      inTurn(Object.entries(beginnings), ([title, pieces]) =>
        begin(`${transport}: ${title}`, "/oracle", transport, pieces),
      ),
    );
    await begin("no JSON, with detailed errors", "/detailed", "WebSockets", ["hello\x1e"]);
    await begin("an unknown protocol, with detailed errors", "/detailed", "WebSockets", [
      '{"protocol":"xml","version":1}\x1e',
    ]);
  },
};
