import { closureOf, refusalOf, settled, sleep } from "../world.ts";
import { script } from "./script.ts";

export const endings = [
  script("[R1][T1] silence longer than a keep-alive or a poll", {
    async run(world) {
      const client = await world.start();
      await sleep(world.combination.transport === "LongPolling" ? 2300 : 700);
      return client.invoke("Echo", 1);
    },
    expected: () => 1,
  }),

  script("[R1][C1] closed by the hub, with an error and without", {
    async run(world) {
      const seen: string[] = [];
      for (const error of ["Go away.", null]) {
        const client = await world.start();
        const closed = closureOf(client);
        await client.send("Close", error);
        seen.push(await closed, client.state);
      }
      return seen;
    },
    expected: () => ["Server returned an error on close: Go away.", "Disconnected", "no error", "Disconnected"],
  }),

  script("[R1][C1] what waits for an answer when the connection ends fails", {
    async run(world) {
      const client = await world.start();
      const waiting = settled(client.invoke("WaitForever"));
      await client.invoke("Close", "Go away.").catch(() => undefined);
      return waiting;
    },
    expected: () => ({ error: "Server returned an error on close: Go away." }),
  }),

  script("[R1][C1] a client that says goodbye, and comes again", {
    async run(world) {
      const client = world.build();
      await client.start();
      const first = client.connectionId;
      const closed = closureOf(client);
      await client.stop();
      const seen = [await closed, client.state];
      await client.start();
      const reason = await client.invoke("EndOf", first);
      const told = world.combination.transport === "ServerSentEvents" ? "gone" : reason;
      return [...seen, told, client.connectionId === first];
    },
    // With server-sent events the goodbye is a request beside the stream, and may come after the stream's end.
    expected: ({ transport }) => [
      "no error",
      "Disconnected",
      transport === "ServerSentEvents" ? "gone" : "client-closed",
      false,
    ],
  }),

  script("[A1] a refused user", {
    run: (world) => refusalOf(world.build({ token: "refused" })),
    expected: () => "401",
  }),

  script("a hub that is not there", {
    // A page is not told what servers of other origins answer where they have no hub.
    applies: ({ host }) => host === "Node",
    run: (world) => refusalOf(world.build({ path: "/absent" })),
    expected: () => "404",
  }),

  script("[E4] a connect handler that throws", {
    // Over server-sent events a client may also find the connection gone when it first posts.
    applies: ({ transport }) => transport === "WebSockets",
    async run(world) {
      const client = world.build({ token: "failing" });
      const closed = closureOf(client);
      return client.start().then(
        () => closed,
        (error: Error) => error.message,
      );
    },
    expected: () => "Server returned an error on close: Connection closed with an error. HubException: not now",
  }),

  script("[N1] a WebSocket without negotiate", {
    applies: ({ transport, stateful }) => transport === "WebSockets" && !stateful,
    async run(world) {
      const client = await world.start({ skipNegotiation: true });
      return [await client.invoke("WhoAmI"), client.connectionId];
    },
    expected: () => ["ada", null],
  }),
];
