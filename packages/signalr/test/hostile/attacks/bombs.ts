import { withPrefix } from "../../../src/protocol/length-prefix.ts";
import { frame, HostileSocket } from "../hostile-socket.ts";
import { type Attack, countOutcomes, jsonHandshake, messagePackHandshake, openHub, repeat, times } from "./attack.ts";

/** Milliseconds within which the server is to answer a single bad message. */
const patience = 2000;
const depth = 100_000;
const fragmentsOfOne = 16_000;
/** Each promises 2^31 - 1 elements, the first of which is the next. */
const nestedHeaders = new Uint8Array(6000);
for (let at = 0; at + 5 <= nestedHeaders.length; at += 5) nestedHeaders.set([0xdd, 0x7f, 0xff, 0xff, 0xff], at);
const nestedJson = `{"type":1,"target":"Echo","arguments":[${"[".repeat(depth)}${"]".repeat(depth)}]}\x1e`;
/** Opened and never closed. */
const openedJson = `{"type":6,"a":${"[".repeat(depth)}\x1e`;

/** Messages that are small or short and dear to read. */
export const bombs: readonly Attack[] = [
  {
    name: "nested-messagepack",
    sustained: true,
    rules: "[P4]",
    title: "6 KB of nested MessagePack headers",
    outcomes: ["closed 1000"],
    run: (target) =>
      repeat(target, 1, 20, async () => {
        const socket = await openHub(target, "/hostile", messagePackHandshake);
        await socket.write(frame(withPrefix(nestedHeaders), { kind: "binary" }));
        target.count(await socket.outcome(patience));
        socket.destroy();
      }),
  },
  {
    name: "deep-json",
    sustained: true,
    rules: "[P3][P4]",
    title: "JSON 100,000 deep",
    outcomes: ["closed 1000"],
    run: (target) =>
      repeat(target, 1, 100, async () => {
        for (const [path, text] of [
          ["/large", nestedJson],
          ["/large", openedJson],
          ["/hostile", nestedJson],
        ] as const) {
          const socket = await openHub(target, path);
          await socket.write(frame(text));
          target.count(await socket.outcome(patience));
          socket.destroy();
        }
      }),
  },
  {
    name: "one-byte-fragments",
    sustained: true,
    rules: "[X2]",
    title: "16,000 one-byte fragments on 50 sockets",
    outcomes: ["open", "closed 1008"],
    async run(target) {
      const more = frame(" ", { kind: "continuation", final: false });
      const sockets = await times(50, () => openHub(target));
      for (const socket of sockets) await socket.write(frame(" ", { final: false }));
      const start = Date.now();
      // All are sent within the first half of the time, however long that is.
      const rate = (fragmentsOfOne * 2) / (target.until - start);
      let sent = 1;
      while (sent < fragmentsOfOne) {
        await Bun.sleep(10);
        const count = Math.min(fragmentsOfOne, Math.ceil((Date.now() - start) * rate)) - sent;
        const bytes = Buffer.concat(Array.from({ length: count }, () => more));
        for (const socket of sockets) await socket.write(bytes);
        sent += count;
      }
      await countOutcomes(target, sockets);
    },
  },
  {
    name: "endless-message",
    sustained: true,
    rules: "[P3]",
    title: "an endless message",
    outcomes: ["closed 1000", "closed 1008", "closed 1009", "cut"],
    run: (target) =>
      repeat(target, 1, 250, async () => {
        const text = frame("x".repeat(1000));
        const fragment = frame("x".repeat(1000), { kind: "continuation", final: false });
        for (const [first, next] of [
          [frame("{"), text],
          [frame("{", { final: false }), fragment],
        ] as const) {
          const socket = await openHub(target);
          await socket.write(first);
          for (let round = 0; round < 2000 && socket.isOpen; round++) await socket.write(next);
          target.count(await socket.outcome(patience));
          socket.destroy();
        }
      }),
  },
  {
    name: "oversize-frames",
    rules: "[P3]",
    title: "frames larger than any message",
    outcomes: ["closed 1009", "cut"],
    run: (target) =>
      repeat(target, 4, 5, async () => {
        const socket = await HostileSocket.upgrade(target.address, "/hostile");
        await socket.write(frame(jsonHandshake, { promisedLength: 2 ** 40 }));
        for (let round = 0; round < 100 && socket.isOpen; round++) await socket.write("x".repeat(50_000));
        target.count(await socket.outcome(patience));
        socket.destroy();
      }),
  },
  {
    name: "many-elements",
    rules: "[P3]",
    title: "messages of nothing but empty arrays, echoed",
    outcomes: ["open"],
    async run(target) {
      const message = `{"type":1,"target":"Echo","arguments":[${"[],".repeat(10_000)}[]]}\x1e`;
      const sockets = await times(4, () => openHub(target));
      await repeat(target, 1, 5, async () => {
        for (const socket of sockets) await socket.write(frame(message));
      });
      await countOutcomes(target, sockets);
    },
  },
];
