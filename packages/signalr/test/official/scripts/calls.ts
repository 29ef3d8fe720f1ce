import { settled, upTo } from "../world.ts";
import { script } from "./script.ts";

const value = { text: "é 👋\n\r\u2028", list: [1, -2.5, null, true], nested: { a: {} } };

export const calls = [
  script("[R1][D1][D2] plain invocations", {
    async run(world) {
      const client = await world.start();
      return [
        await client.invoke("Echo", value),
        (await client.invoke("echo", "x".repeat(40_000))).length,
        await client.invoke("Nothing"),
        await client.invoke("WhoAmI"),
        await client.invoke("Transport"),
        await client.invoke("Protocol"),
      ];
    },
    expected: ({ transport, protocol }) => [value, 40_000, null, "ada", transport, protocol],
  }),

  script("[R1][P7] bytes", {
    async run(world) {
      const bytes = await (await world.start()).invoke("Bytes");
      return bytes instanceof Uint8Array ? [...bytes] : bytes;
    },
    expected: ({ protocol }) => (protocol === "json" ? "AQID" : [1, 2, 3]),
  }),

  script("[R1][D12] the request that carries the connection", {
    async run(world) {
      const client = await world.start();
      return [await client.invoke("Request"), await client.invoke("Request")];
    },
    expected({ host, transport }) {
      // In a page only a request of its own can have headers.
      const header = host === "Node" || transport === "LongPolling" ? "contract" : null;
      const request = ["/contract", "here", header, "127.0.0.1"];
      return [request, request];
    },
  }),

  script("[R1][E1][E2][E3][E5] error texts, after which all goes on", {
    async run(world) {
      const client = await world.start();
      const errors: unknown[] = [];
      for (const method of ["Refuse", "Fail", "FailOpenly", "Restricted", "Absent", "Count"]) {
        errors.push(await settled(client.invoke(method)));
      }
      return [...errors, await client.invoke("Echo", "alive")];
    },
    expected: () => [
      { error: "FORBIDDEN: not here." },
      { error: "An unexpected error occurred invoking 'Fail' on the server." },
      { error: "An unexpected error occurred invoking 'FailOpenly' on the server. HubException: told" },
      { error: "Failed to invoke 'Restricted' because user is unauthorized" },
      { error: "Failed to invoke 'Absent' due to an error on the server. HubException: Method does not exist." },
      { error: "The client attempted to invoke the streaming 'Count' method with a non-streaming invocation." },
      "alive",
    ],
  }),

  script("[R1][S1] a thousand pushes and their completion, in order", {
    async run(world) {
      const client = await world.start();
      const received: unknown[] = [];
      client.on("Message", (index) => received.push(index));
      return [await client.invoke("Push", 1000), received];
    },
    expected: () => [1000, upTo(1000)],
  }),

  script("[S5] events of none and of three arguments, and a question of two", {
    async run(world) {
      const client = await world.start({ token: "the one who listens" });
      const received: unknown[] = [];
      client.on("Rang", (...args) => received.push(["Rang", ...args]));
      client.on("Said", (...args) => received.push(["Said", ...args]));
      client.on("Choose", (one, other, ...rest) => [other, one, ...rest].join(" before "));
      const room = `hall ${Math.random()}`;
      await client.invoke("Say", room, "hello there");
      const named = received.map((event) => JSON.stringify(event).replace(room, "hall"));
      return [named, await client.invoke("Choose", "tea", "coffee")];
    },
    expected: () => [
      [
        '["Rang"]',
        '["Said","hall","hello there",["hello","there"]]',
        '["Rang"]',
        '["Said","hall","hello there",["hello","there"]]',
      ],
      "coffee before tea",
    ],
  }),

  script("[R1][D2] what wants no answer", {
    async run(world) {
      const client = await world.start();
      const received: unknown[] = [];
      client.on("Message", (index) => received.push(index));
      await client.send("Push", 2);
      await client.send("Refuse");
      await client.send("Absent");
      return [await client.invoke("Echo", "behind them"), received];
    },
    expected: () => ["behind them", [0, 1]],
  }),

  script("[P8] what a client sends at once may come as one large frame", {
    async run(world) {
      const client = await world.start();
      const texts = upTo(40).map((index) => `${index} ${"x".repeat(16_000)}`);
      const echoes = await Promise.all(texts.map((text) => client.invoke("Echo", text)));
      return echoes.map((text, index) => text === texts[index]);
    },
    expected: () => upTo(40).map(() => true),
  }),

  script("[R1][D8] the hub asks its client, which answers, fails, or knows no such question", {
    async run(world) {
      const client = await world.start();
      client.on("Ask", (question) => {
        if (question === "fail") throw new Error("no idea");
        return `${question}?`;
      });
      const answers = [await settled(client.invoke("Ask", "why")), await settled(client.invoke("Ask", "fail"))];
      client.off("Ask");
      return [...answers, await settled(client.invoke("Ask", "why"))];
    },
    expected: () => [
      "why?",
      { error: "An unexpected error occurred invoking 'Ask' on the server. HubException: Error: no idea" },
      {
        error:
          "An unexpected error occurred invoking 'Ask' on the server. HubException: Client didn't provide a result.",
      },
    ],
  }),
];
