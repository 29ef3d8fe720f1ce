import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRedis } from "../../../../scripts/services.ts";
import { until } from "../../src/testing/contract-node.ts";
import { startRedis, type TestRedis } from "../../src/testing/redis-server.ts";
import { connectTo, type NodesClient, settle, stopAll } from "./nodes-client.ts";
import { type NodeProcess, startProcess } from "./start-process.ts";

const program = requireRedis() ?? "";

/** Asked for by name: the .NET SDK builds a node for this, out of packages that a machine may not be able to get. */
const isWanted = process.env["BESIDE_DOTNET"] === "true";

setDefaultTimeout(30_000);

const object = { text: "é <&> 👋\t/", list: [1.5, null, -1, 4_294_967_296, true], nested: { empty: [] } };

/** The clients, in this order: two of the one node and two of the other, of each one with JSON and one with MessagePack. */
const users = ["bob", "ada", "", "ada"];
const everyone = [0, 1, 2, 3];

/** What is invoked, with ids of the clients named by number, and which of them receive the value how often. */
const sends: readonly (readonly [method: string, args: readonly unknown[], receivers: readonly number[]])[] = [
  ["All", [], everyone],
  ["AllExcept", [[0, 3]], [1, 2]],
  ["AllExcept", [[]], everyone],
  ["User", ["ada"], [1, 3]],
  ["User", ["nobody"], []],
  ["Users", [["ada", "bob", "", "bob"]], [0, 0, 1, 3]],
  ["Connection", [0], [0]],
  ["Connection", [3], [3]],
  ["Connection", ["gone"], []],
  ["Connections", [[0, 2, "gone", 2]], [0, 2, 2]],
  ["Group", ["g"], [0, 3]],
  ["Group", ["none"], []],
  ["GroupExcept", ["g", [0]], [3]],
  ["GroupExcept", ["g", [3]], [0]],
  ["ToGroups", [["g", "h", "", "none"]], [0, 1, 2, 3]],
];

describe.skipIf(program === "" || !isWanted)("beside a node of ASP.NET Core (with BESIDE_DOTNET=true)", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "signalr-beside-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  for (const [runtime, prefix] of [
    ["bun", ""],
    ["node", "pre:"],
  ] as const) {
    describe(`${runtime}, channel prefix '${prefix}'`, () => {
      let redis: TestRedis;
      let nodes: readonly NodeProcess[] = [];
      let clients: readonly NodesClient[] = [];
      const start = (of: "dotnet" | typeof runtime) =>
        startProcess(of, folder, { REDIS_SOCKET: redis.path, CHANNEL_PREFIX: prefix, HUB_NAME: "NodesHub" });
      const idOf = (client: unknown) => (typeof client === "number" ? (clients[client]?.id ?? "") : client);

      beforeAll(async () => {
        redis = await startRedis(program);
        nodes = [await start("dotnet"), await start(runtime)];
        clients = await Promise.all(
          users.map((user, index) => connectTo(`${nodes[index >> 1]?.address}/nodes`, user, index % 2 === 1)),
        );
      }, 120_000);
      afterAll(async () => {
        await stopAll(clients);
        for (const node of nodes) await node.stop();
        await redis[Symbol.asyncDispose]();
      });

      /** Channels of ASP.NET Core's nodes have no order among them: what is to come is awaited, then what is not. */
      const expectReceived = async (title: string, expected: readonly unknown[][]) => {
        await until(() => clients.every(({ received }, index) => received.length >= (expected[index]?.length ?? 0)));
        expect(await settle(clients), title).toEqual(expected);
      };

      /** A node of ASP.NET Core leaves a question unanswered that comes while it takes leave of the client. */
      const expectGone = async (asking: NodesClient | undefined, id: string) => {
        let answer = "";
        for (const end = Date.now() + 5000; !answer.includes("does not exist") && Date.now() < end; ) {
          answer = String(await asking?.hub.invoke("AskPatiently", id, "well", 500));
        }
        expect(answer).toBe(`error: Connection '${id}' does not exist.`);
      };

      test("[B2][B3] sends of every kind cross the border both ways, and groups are changed across it", async () => {
        for (const [sender, { hub, id }] of clients.entries()) {
          for (const member of [0, 3]) await hub.invoke("Add", idOf(member), "g");
          for (const member of [1, 2, 2]) await hub.invoke("Add", idOf(member), "h");
          for (const [method, args, receivers] of sends) {
            const resolved = args.map((arg) => (Array.isArray(arg) ? arg.map(idOf) : idOf(arg)));
            await hub.invoke(method, ...resolved, object);
            await expectReceived(
              `${sender}: ${method} ${JSON.stringify(args)}`,
              everyone.map((client) => receivers.filter((receiver) => receiver === client).map(() => object)),
            );
          }
          await hub.invoke("Others", id);
          await expectReceived(
            `${sender}: Others`,
            everyone.map((client) => (client === sender ? [] : [id])),
          );
          for (const member of [0, 1, 3]) await hub.invoke("Remove", idOf(member), "g");
          for (const member of [1, 2]) await hub.invoke("Remove", idOf(member), "h");
          await hub.invoke("ToGroups", ["g", "h"], "to nobody");
          expect(await settle(clients)).toEqual([[], [], [], []]);
        }
      });

      test("[B1][B2] names, arguments and sizes of every kind arrive as they were sent", async () => {
        for (const [sender, { hub }] of clients.entries()) {
          for (const group of ["é 👋", "a:b", " ", "*", "h[ae]llo", "x".repeat(300)]) {
            for (const member of [0, 2]) await hub.invoke("Add", idOf(member), group);
            await hub.invoke("Group", group, "in");
            await expectReceived(`${sender}: ${group}`, [["in"], [], ["in"], []]);
            for (const member of [0, 2]) await hub.invoke("Remove", idOf(member), group);
          }
          for (const values of [[], [1, "two", object], [null, null], [[1, 2], [3]]]) {
            await hub.invoke("AllWith", values);
            await expectReceived(
              `${sender}: ${JSON.stringify(values)}`,
              everyone.map(() => [values]),
            );
          }
          for (const size of [255, 256, 30_000]) {
            await hub.invoke("All", "é".repeat(size / 2));
            await expectReceived(
              `${sender}: ${size}`,
              everyone.map(() => ["é".repeat(size / 2)]),
            );
          }
        }
      });

      test("[B2] many messages arrive whole and in order, from each sender to each target", async () => {
        for (const member of everyone) await clients[0]?.hub.invoke("Add", idOf(member), "order");
        const count = 300;
        for (let index = 0; index < count; index++) {
          for (const [sender, { hub }] of clients.entries()) {
            void hub.send("Group", "order", `group ${sender} ${index}`);
            void hub.send("All", `all ${sender} ${index}`);
          }
          if (index % 20 === 0) await Bun.sleep(1);
        }
        await until(() => clients.every(({ received }) => received.length >= 2 * count * clients.length), 20_000);
        const expected = Array.from({ length: count }, (_, index) => index);
        for (const received of await settle(clients)) {
          for (const stream of everyone.flatMap((sender) => [`group ${sender} `, `all ${sender} `])) {
            const own = received.map(String).filter((value) => value.startsWith(stream));
            expect(own.map((value) => Number(value.slice(stream.length)))).toEqual(expected);
          }
        }
      });

      test("[B4] clients are asked across the border: they answer, fail, go, are given up, or do not exist", async () => {
        for (const { hub } of clients) {
          for (const asked of everyone) {
            expect(await hub.invoke("Ask", idOf(asked), "well")).toBe("well!");
            expect(await hub.invoke("Ask", idOf(asked), "boom")).toBe("error: Error: client boom");
            expect(await hub.invoke("AskPatiently", idOf(asked), "hang", 50)).toBe(
              "error: Invocation canceled by the server.",
            );
          }
          expect(await hub.invoke("Ask", "nobody", "well")).toBe("error: Connection 'nobody' does not exist.");
        }
        for (const [asking, side] of [
          [0, 0],
          [0, 1],
          [2, 0],
          [2, 1],
        ] as const) {
          const gone = await connectTo(`${nodes[side]?.address}/nodes`, "eve", side === 1);
          const hanging = clients[asking]?.hub.invoke("AskPatiently", gone.id, "hang", 10_000);
          await Bun.sleep(100);
          await gone.hub.stop();
          const isLocal = asking >> 1 === side;
          expect(await hanging).toBe(
            isLocal ? `error: Connection '${gone.id}' disconnected.` : "error: Connection disconnected.",
          );
          await expectGone(clients[asking], gone.id);
        }
      });

      test("[B5] after Redis was gone, and after the other node was killed, all is as before", async () => {
        for (const member of everyone) await clients[2]?.hub.invoke("Add", idOf(member), "r");
        await redis.stop();
        await clients[2]?.hub.invoke("Group", "r", "only here");
        await until(() => clients.slice(2).every(({ received }) => received.length === 1));
        expect(clients.map(({ received }) => received.splice(0))).toEqual([[], [], ["only here"], ["only here"]]);
        redis.start();
        await until(() => {
          for (const { hub } of clients) hub.send("Group", "r", hub.connectionId).catch(() => undefined);
          return clients.every(({ received }) => clients.every(({ id }) => received.includes(id)));
        }, 20_000);
        await settle(clients);
        for (const { hub } of clients) {
          for (const asked of everyone) expect(await hub.invoke("Ask", idOf(asked), "well")).toBe("well!");
        }
        const extra = await start("dotnet");
        const lost = await connectTo(`${extra.address}/nodes`, "eve");
        await clients[2]?.hub.invoke("Add", lost.id, "r");
        await extra.kill();
        await lost.hub.stop();
        await Bun.sleep(100);
        await settle(clients);
        await clients[2]?.hub.invoke("Group", "r", "still here");
        await expectReceived(
          "killed",
          everyone.map(() => ["still here"]),
        );
        await expectGone(clients[2], lost.id);
      });
    });
  }
});
