import { frame, HostileSocket } from "../hostile-socket.ts";
import {
  type Attack,
  countOutcomes,
  invocation,
  jsonHandshake,
  negotiate,
  openHub,
  ping,
  repeat,
  resumableHandshake,
  type Target,
  times,
} from "./attack.ts";

/** Milliseconds within which the server is to cut off who does not read. */
const patience = 3000;
const push = (blocks: number) => invocation({ target: "Push", arguments: [blocks] });

/** Clients that ask for much and read nothing. */
export const unread: readonly Attack[] = [
  {
    name: "unread-socket",
    sustained: true,
    rules: "[S3]",
    title: "a socket that never reads",
    outcomes: ["cut"],
    run: (target) =>
      repeat(target, 1, 200, async () => {
        const socket = await openHub(target);
        socket.pause();
        for (let round = 0; round < 100 && socket.isOpen; round++) {
          await socket.write(frame(push(2)));
          await Bun.sleep(5);
        }
        target.count(await outcomeOfUnread(socket));
      }),
  },
  {
    name: "unread-events",
    rules: "[S3]",
    title: "server-sent events that nobody reads",
    outcomes: ["404"],
    run: (target) =>
      repeat(target, 2, 20, async () => {
        const token = await negotiate(target);
        const socket = await HostileSocket.connect(target.address);
        await socket.write(`GET /hostile?id=${token} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`);
        await socket.until(() => socket.received.includes("\n:\r\n"));
        socket.pause();
        const post = (body: string) => fetch(`${target.address}/hostile?id=${token}`, { method: "POST", body });
        await post(jsonHandshake);
        let status = 200;
        const last = Date.now() + patience;
        while (status === 200 && Date.now() < last) status = (await post(push(10))).status;
        target.count(String(status));
        socket.destroy();
      }),
  },
  {
    name: "unread-resumed",
    sustained: true,
    rules: "[SR4]",
    title: "an unread resumed session",
    outcomes: ["ended"],
    run: (target) => repeat(target, 1, 200, () => resumeUnread(target)),
  },
  {
    name: "unread-streams",
    rules: "[D6]",
    title: "endless streams that nobody reads",
    outcomes: ["open", "cut"],
    async run(target) {
      const sockets = await times(4, () => openHub(target));
      for (const socket of sockets) {
        socket.pause();
        const streams = Array.from({ length: 150 }, (_, id) => invocation({ type: 4, target: "Endless", id: `${id}` }));
        await socket.write(frame(streams.join("")));
      }
      await repeat(target, 1, 200, async () => {
        for (const socket of sockets) await socket.write(frame(ping));
      });
      await countOutcomes(target, sockets);
    },
  },
  {
    name: "unread-farewells",
    rules: "[C4]",
    title: "sockets that are closed, and neither read it nor answer",
    outcomes: ["cut"],
    run: (target) =>
      repeat(target, 20, 50, async () => {
        const socket = await openHub(target);
        socket.pause();
        await socket.write(frame(`${push(10)}nonsense\x1e`));
        target.count(await outcomeOfUnread(socket, 8000));
      }),
  },
];

/** A socket that does not read learns of its end by writing: the server has closed its side. */
async function outcomeOfUnread(socket: HostileSocket, milliseconds = patience): Promise<string> {
  const last = Date.now() + milliseconds;
  while (socket.isOpen && Date.now() < last) {
    await Promise.race([socket.write(frame("x", { kind: "ping" })), Bun.sleep(50)]);
    await Bun.sleep(20);
  }
  const outcome = socket.isOpen ? "open" : "cut";
  socket.destroy();
  return outcome;
}

/** Fills the buffer for a client that comes back again and again, and reads nothing of what is sent again. */
async function resumeUnread(target: Target): Promise<void> {
  const token = await negotiate(target, "&useStatefulReconnect=true");
  const sockets = [await openHub(target, `/hostile?id=${token}`, resumableHandshake)];
  await sockets[0]?.write(frame(push(8)));
  for (let round = 0; round < 10; round++) {
    const socket = await HostileSocket.upgrade(target.address, `/hostile?id=${token}`);
    socket.pause();
    sockets.push(socket);
  }
  await sockets.at(-1)?.write(frame(`{"type":9,"sequenceId":2}\x1e${push(8)}`));
  const last = Date.now() + patience;
  let status = 0;
  while (status !== 404 && Date.now() < last) {
    await Bun.sleep(20);
    status = (await fetch(`${target.address}/hostile?id=${token}`)).status;
  }
  target.count(status === 404 ? "ended" : `still there: ${status}`);
  for (const socket of sockets) socket.destroy();
}
