import { frame, HostileSocket } from "../hostile-socket.ts";
import { type Attack, countOutcomes, invocation, openHub, ping, repeat, times } from "./attack.ts";

/** Much of what is allowed. */
export const floods: readonly Attack[] = [
  {
    name: "pings",
    rules: "[X2]",
    title: "pings of both kinds, their answers unread",
    outcomes: ["open", "cut"],
    async run(target) {
      const sockets = await times(4, () => openHub(target));
      for (const socket of sockets) socket.pause();
      const pings = Buffer.concat(
        Array.from({ length: 100 }, () => [frame("x".repeat(125), { kind: "ping" }), frame(ping)]).flat(),
      );
      await repeat(target, 1, 5, async () => {
        for (const socket of sockets) await Promise.race([socket.write(pings), Bun.sleep(5)]);
      });
      await countOutcomes(target, sockets);
    },
  },
  {
    name: "request-headers",
    rules: "[X2]",
    title: "requests with more headers than a server takes",
    outcomes: ["431", "400", "cut"],
    run: (target) =>
      repeat(target, 4, 5, async () => {
        const socket = await HostileSocket.connect(target.address);
        const headers = Array.from({ length: 2000 }, (_, index) => `X-${index}: ${"x".repeat(100)}\r\n`).join("");
        await socket.write(`POST /hostile/negotiate HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
        await Promise.race([socket.until(() => socket.received.length > 12), Bun.sleep(2000)]);
        const status = socket.received.toString("latin1", 9, 12);
        target.count(status === "" ? await socket.outcome(100) : status);
        socket.destroy();
      }),
  },
  {
    name: "message-headers",
    rules: "[D9]",
    title: "invocations with thousands of headers",
    outcomes: ["open"],
    async run(target) {
      const headers = Array.from({ length: 2500 }, (_, index) => `"h${index}":""`).join(",");
      const message = `{"type":1,"headers":{${headers}},"target":"Echo","arguments":[]}\x1e`;
      const sockets = await times(4, () => openHub(target));
      await repeat(target, 1, 10, async () => {
        for (const socket of sockets) await socket.write(frame(message));
      });
      await countOutcomes(target, sockets);
    },
  },
  {
    name: "invocation-ids",
    rules: "[D4]",
    title: "large invocations that wait, each under an id of its own",
    outcomes: ["open", "cut", "closed 1000"],
    async run(target) {
      const sockets = await times(4, () => openHub(target));
      const padding = "x".repeat(30_000);
      await times(4, async (index) => {
        const socket = sockets[index];
        for (let id = 0; id < 1500 && Date.now() < target.until && socket?.isOpen; id++) {
          const text = invocation({ target: "Never", id: `${id}`, arguments: [padding] });
          await Promise.race([socket.write(frame(text)), Bun.sleep(100)]);
        }
      });
      await countOutcomes(target, sockets);
    },
  },
  {
    name: "client-streams",
    rules: "[D13]",
    title: "streams of clients that are opened and never ended",
    outcomes: ["open", "cut", "closed 1000"],
    async run(target) {
      const sockets = await times(4, () => openHub(target));
      let next = 0;
      await repeat(target, 1, 2, async () => {
        const calls = Array.from({ length: 100 }, () => {
          const id = `${next++}`;
          return `${invocation({ target: "Collect", streamIds: [id] })}{"type":2,"invocationId":"${id}","item":1}\x1e`;
        });
        for (const socket of sockets) await Promise.race([socket.write(frame(calls.join(""))), Bun.sleep(100)]);
      });
      await countOutcomes(target, sockets);
    },
  },
  {
    name: "completions",
    rules: "[D8]",
    title: "completions, items and cancellations of what was never asked",
    outcomes: ["open"],
    async run(target) {
      const sockets = await times(4, () => openHub(target));
      let next = 0;
      await repeat(target, 1, 5, async () => {
        const messages = Array.from({ length: 50 }, () => {
          const id = `"invocationId":"${next++}"`;
          return `{"type":3,${id},"result":1}\x1e{"type":2,${id},"item":1}\x1e{"type":5,${id}}\x1e`;
        });
        for (const socket of sockets) await socket.write(frame(messages.join("")));
      });
      await countOutcomes(target, sockets);
    },
  },
];
