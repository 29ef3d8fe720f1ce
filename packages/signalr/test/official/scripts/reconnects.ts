import type { HubConnection } from "@microsoft/signalr";
import { resumes } from "../combination.ts";
import { closureOf, settled, sleep, upTo } from "../world.ts";
import { script } from "./script.ts";

/** @returns that a client noticed a loss, and the id with which it is back */
function returnOf(client: HubConnection): Promise<string | undefined> {
  return new Promise((resolve) => {
    let noticed = false;
    client.onreconnecting(() => {
      noticed = true;
    });
    client.onreconnected((id) => resolve(noticed ? id : "It came back before it went."));
  });
}

export const reconnects = [
  script("[SR1] broken sockets lose nothing, repeat nothing, and are noticed by nobody", {
    applies: resumes,
    async run(world) {
      const client = await world.start();
      const id = client.connectionId;
      const received: unknown[] = [];
      client.on("Message", (item) => received.push(item));
      const echoes: Promise<unknown>[] = [];
      for (const index of upTo(90)) {
        echoes.push(settled(client.invoke("EchoAndPush", index)));
        if (index % 5 === 0) await sleep(2);
        if (index % 30 !== 15) continue;
        // The client tries to replace a socket once: the one before must be there.
        await echoes[index - 5];
        await world.breakSockets();
      }
      return [await Promise.all(echoes), received, client.connectionId === id];
    },
    expected: () => [upTo(90), upTo(90), true],
  }),

  script("[SR1][D6][D7] streams go on over a broken socket", {
    applies: resumes,
    async run(world) {
      const client = await world.start();
      const subject = world.subject<number>();
      const items: unknown[] = [];
      const whole = new Promise((resolve, reject) => {
        client.stream("EchoStream", subject).subscribe({
          next: (item) => items.push(item),
          error: reject,
          complete: () => resolve(items),
        });
      });
      for (const index of upTo(60)) {
        subject.next(index);
        if (index % 5 === 0) await sleep(2);
        if (index % 20 !== 19) continue;
        while (items.length < index - 5) await sleep(2);
        await world.breakSockets();
      }
      subject.complete();
      return whole;
    },
    expected: () => upTo(60),
  }),

  script("[R1][C1] a broken connection fails what waits, and a new one takes its place", {
    applies: (combination) => !resumes(combination),
    async run(world) {
      const client = await world.start({ reconnects: true });
      const before = client.connectionId;
      const back = returnOf(client);
      const waiting = client.invoke("WaitForever").then(
        () => "answered",
        () => "failed",
      );
      // The call has begun once one behind it is answered.
      await client.invoke("Echo", 1);
      await world.cut();
      const outcome = await waiting;
      await world.mend();
      const after = await back;
      const told = [outcome, after === client.connectionId, after === before];
      return [...told, await client.invoke("Echo", "alive")];
    },
    expected: () => ["failed", true, false, "alive"],
  }),

  script("[C2] who is asked to come back comes back", {
    async run(world) {
      const client = await world.start({ reconnects: true });
      const before = client.connectionId;
      const back = returnOf(client);
      await client.send("Close", "Come back.", true);
      const after = await back;
      return [after === client.connectionId, after === before, await settled(client.invoke("Echo", "alive"))];
    },
    expected: () => [true, false, "alive"],
  }),

  script("[C1] who is not asked to come back stays away", {
    async run(world) {
      const client = await world.start({ reconnects: true });
      const closed = closureOf(client);
      await client.send("Close", "Stay away.", false);
      return closed;
    },
    expected: () => "Server returned an error on close: Stay away.",
  }),
];
