import { withoutDetail } from "../client/codec.ts";
import { RawClient } from "../client/raw-client.ts";
import { inTurn, type Script, type TransportName } from "../script.ts";
import { transportsFor } from "./transports.ts";

const all = ["WebSockets", "ServerSentEvents", "LongPolling"] as const;

/** What ends a connection, as JSON by hand. */
const records: Readonly<Record<string, string>> = {
  "a goodbye": '{"type":7}\x1e',
  "a goodbye with an error": '{"type":7,"error":"of the client"}\x1e',
  "no JSON": "hello\x1e",
  "JSON cut off": '{"type":1\x1e',
  "no object": "[1]\x1e",
  "a type of another type": '{"type":"1"}\x1e',
  "no type": '{"target":"Echo"}\x1e',
  "no target": '{"type":1,"invocationId":"1","arguments":[]}\x1e',
  "no arguments": '{"type":1,"invocationId":"1","target":"Echo"}\x1e',
  "arguments of another type": '{"type":1,"invocationId":"1","target":"Echo","arguments":{}}\x1e',
  "an id of another type": '{"type":1,"invocationId":1,"target":"Echo","arguments":["x"]}\x1e',
  "a stream without an id": '{"type":4,"target":"Count","arguments":[1]}\x1e',
  "a cancellation without an id": '{"type":5}\x1e',
  "a completion without an id": '{"type":3}\x1e',
  "a result and an error": '{"type":3,"invocationId":"1","result":1,"error":"x"}\x1e',
  "an item without a value": '{"type":2,"invocationId":"77"}\x1e',
  "an item without an id": '{"type":2,"item":1}\x1e',
  "properties twice": '{"type":6,"type":7}\x1e',
};

/** How connections end. */
export const closes: Script = {
  name: "closes",
  speaks: false,
  async run(target, note) {
    const { address } = target;
    const end = async (
      title: string,
      hub: string,
      transport: TransportName,
      use: (client: RawClient) => Promise<void>,
    ) => {
      const client = await RawClient.connect(address + hub, { transport });
      await use(client);
      const { messages, end: how } = await client.outcome();
      note(title, { messages: messages.map(withoutDetail), end: how });
      await client.leave();
    };
    await inTurn(all, (transport) =>
      inTurn(["/failing", "/failing-openly", "/aborting"], async (hub) => {
        const client = await RawClient.open(address + hub, { transport });
        await client.write('{"protocol":"json","version":1}\x1e');
        note(`${transport}: ${hub}`, await client.ended());
      }),
    );
    await inTurn(transportsFor(target), (transport) =>
      end(`${transport}: ended by the hub`, "/oracle", transport, (client) =>
        client.send({ type: 1, invocationId: "1", target: "Abort", arguments: [] }),
      ),
    );
    await inTurn(["/oracle", "/detailed"], (hub) =>
      inTurn(Object.entries(records), ([title, record]) =>
        end(`${hub}: ${title}`, hub, "WebSockets", (client) => client.write(record)),
      ),
    );
    await inTurn(all, (transport) =>
      end(`${transport}: no JSON`, "/oracle", transport, (client) => client.write("hello\x1e")),
    );
    await inTurn(["WebSockets", "LongPolling"] as const, (transport) =>
      inTurn(["/small"], (hub) =>
        inTurn([900, 2000], (size) =>
          end(`${transport}: a message of ${size} bytes where 1,024 are allowed`, hub, transport, (client) =>
            client.send({ type: 1, invocationId: "1", target: "Echo", arguments: ["x".repeat(size)] }),
          ),
        ),
      ),
    );
    await end("a message without an end where 1,024 are allowed", "/small", "WebSockets", (client) =>
      client.write("x".repeat(2000)),
    );
    const asked = await RawClient.connect(`${address}/oracle`, { transport: "WebSockets" });
    await asked.send({ type: 1, invocationId: "1", target: "Ask", arguments: ["whom"] });
    await asked.until((messages) => messages.length > 0);
    const [question] = asked.take();
    const answer = { type: 3, invocationId: question?.["invocationId"], result: "x" };
    await end("an answer to what another was asked", "/oracle", "WebSockets", (client) => client.send(answer));
    await asked.send(answer, answer);
    note("an answer, twice", await asked.outcome());
    await asked.leave();
    await end("a close with code 1000", "/oracle", "WebSockets", (client) => client.leave());
    await end("a handshake again", "/oracle", "WebSockets", (client) =>
      client.write('{"protocol":"json","version":1}\x1e'),
    );
  },
};
