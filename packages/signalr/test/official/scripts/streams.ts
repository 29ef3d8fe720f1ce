import { itemsOf, settled, upTo } from "../world.ts";
import { script } from "./script.ts";

export const streams = [
  script("[R1][D6][E5] streams from the server, their failure, and what is none", {
    async run(world) {
      const client = await world.start();
      return [
        await itemsOf(client, "Count", 200),
        await itemsOf(client, "Count", 0),
        await itemsOf(client, "Break"),
        await itemsOf(client, "Echo", "x"),
        await itemsOf(client, "Absent"),
      ];
    },
    expected: () => [
      upTo(200),
      [],
      [1, { error: "An error occurred on the server while streaming results. HubException: broken" }],
      [{ error: "The client attempted to invoke the non-streaming 'Echo' method with a streaming invocation." }],
      [{ error: "Failed to invoke 'Absent' due to an error on the server. HubException: Method does not exist." }],
    ],
  }),

  script("[R1][D5][D6] a stream that its reader leaves ends on the server too", {
    async run(world) {
      const client = await world.start();
      const told = new Promise((resolve) => client.on("Message", resolve));
      let items = 0;
      await new Promise<void>((resolve) => {
        const subscription = client.stream("Forever").subscribe({
          next() {
            items++;
            if (items !== 100) return;
            subscription.dispose();
            resolve();
          },
          error: () => undefined,
          complete: () => undefined,
        });
      });
      return [await told, await client.invoke("Echo", "alive")];
    },
    expected: () => ["Forever is over.", "alive"],
  }),

  script("[R1][D7] streams to the server, two at once, and one that fails", {
    async run(world) {
      const client = await world.start();
      const [numbers, broken] = [world.subject<number>(), world.subject<number>()];
      const [left, right] = [world.subject<string>(), world.subject<string>()];
      // This client takes no two streams beside each other for streams.
      const joined = client.invoke("Join", left, "between", right);
      const results = [client.invoke("Sum", numbers), client.invoke("Sum", broken), joined];
      for (let item = 0; item < 300; item++) numbers.next(1);
      numbers.complete();
      broken.next(1);
      broken.error(new Error("the client's own"));
      for (const letter of ["a", "b"]) {
        left.next(letter);
        right.next(letter.toUpperCase());
      }
      right.complete();
      left.complete();
      return Promise.all(results.map(settled));
    },
    expected: () => [300, "1, and then: the client's own", ["ab", "AB"]],
  }),

  script("[R1][D6][D7] a stream there and back", {
    async run(world) {
      const client = await world.start();
      const subject = world.subject<number>();
      const echo = itemsOf(client, "EchoStream", subject);
      for (const item of upTo(100)) subject.next(item);
      subject.complete();
      return echo;
    },
    expected: () => upTo(100),
  }),
];
