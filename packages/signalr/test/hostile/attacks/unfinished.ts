import { frame, HostileSocket, upgradeRequest } from "../hostile-socket.ts";
import { type Attack, countOutcomes, negotiate, repeat, times } from "./attack.ts";

/** Longer than the hub's patience for a handshake. */
const patience = 3000;

/** What begins and does not go on. */
export const unfinished: readonly Attack[] = [
  {
    name: "unfinished-handshakes",
    sustained: true,
    rules: "[HS3]",
    title: "1,000 handshakes never finished",
    outcomes: ["closed 1000"],
    async run(target) {
      const one = async () => {
        const socket = await HostileSocket.upgrade(target.address, "/hostile");
        await socket.write(frame('{"protocol":"json",'));
        target.count(await socket.outcome(patience));
        socket.destroy();
      };
      // Spread, so that the operating system's queue of new connections is not what is tested.
      await times(1000, async (index) => {
        await Bun.sleep(index / 2);
        await repeat(target, 1, 2000, one);
      });
    },
  },
  {
    name: "slow-upgrades",
    rules: "[X2]",
    title: "200 upgrades a byte at a time",
    outcomes: ["open", "cut"],
    async run(target) {
      const request = upgradeRequest("/hostile");
      const sockets = await times(200, () => HostileSocket.connect(target.address));
      for (let at = 0; Date.now() < target.until && at < request.length - 4; at++) {
        for (const socket of sockets) await socket.write(request.slice(at, at + 1));
        await Bun.sleep(50);
      }
      await countOutcomes(target, sockets);
    },
  },
  {
    name: "reset-upgrades",
    rules: "[N3]",
    title: "upgrades that are reset before they are answered",
    outcomes: ["forgotten"],
    async run(target) {
      const tokens: string[] = [];
      await repeat(target, 4, 5, async () => {
        const token = await negotiate(target);
        tokens.push(token);
        const socket = await HostileSocket.connect(target.address);
        await socket.write(upgradeRequest(`/hostile?id=${token}&access_token=slow`));
        await Bun.sleep(10);
        socket.destroy();
      });
      await Bun.sleep(1000);
      for (const token of tokens.slice(-50)) {
        const { status } = await fetch(`${target.address}/hostile?id=${token}`, { method: "DELETE" });
        target.count(status === 404 ? "forgotten" : `still there: ${status}`);
      }
    },
  },
  {
    name: "unpolled",
    rules: "[H4]",
    title: "long polling connections never polled again",
    outcomes: ["polling 200"],
    run: (target) =>
      repeat(target, 8, 10, async () => {
        const url = `${target.address}/hostile?id=${await negotiate(target)}`;
        const { status } = await fetch(url);
        await fetch(url, { method: "POST", body: '{"protocol":"json","version":1}\x1e' });
        await fetch(url, { method: "POST", body: '{"type":1,"target":"Push","arguments":[1]}\x1e' });
        target.count(`polling ${status}`);
      }),
  },
  {
    name: "negotiations",
    rules: "[N6]",
    title: "negotiations that nobody takes up",
    outcomes: ["negotiated"],
    run: (target) =>
      repeat(target, 20, 10, async () => {
        await negotiate(target);
        target.count("negotiated");
      }),
  },
];
