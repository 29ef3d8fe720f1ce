import { expect, test } from "bun:test";
import fc from "fast-check";
import { type BackplaneSetting, settle, startNodes } from "./contract-node.ts";
import { TestClient } from "./test-client.ts";

const connectionName = fc.constantFrom("c0", "c1", "c2", "c3", "c4", "c5");
const groupName = fc.constantFrom("g", "h");
const nodeIndex = fc.constantFrom(0, 1);
const step = fc.oneof(
  fc.record({ kind: fc.constant("connect" as const), id: connectionName, user: fc.constantFrom("", "u", "v") }),
  fc.record({ kind: fc.constant("disconnect" as const), id: connectionName }),
  fc.record({ kind: fc.constant("join" as const), from: nodeIndex, id: connectionName, group: groupName }),
  fc.record({ kind: fc.constant("leave" as const), from: nodeIndex, id: connectionName, group: groupName }),
  fc.record({ kind: fc.constant("group" as const), from: nodeIndex, name: groupName, except: connectionName }),
  fc.record({ kind: fc.constant("user" as const), from: nodeIndex, name: fc.constantFrom("u", "v") }),
  fc.record({ kind: fc.constant("connection" as const), from: nodeIndex, name: connectionName }),
);

/** Who is connected, as whom and in which groups: what two nodes together must look like from outside. */
class Model {
  readonly connected = new Map<string, { readonly client: TestClient; readonly groups: Set<string> }>();
  readonly expected = new Map<string, number[]>();

  expect(value: number, isAddressed: (client: TestClient, groups: Set<string>) => boolean): void {
    for (const [id, { client, groups }] of this.connected) {
      if (isAddressed(client, groups)) this.expected.get(id)?.push(value);
    }
  }
}

/** Random lives of connections on two nodes, against the simplest thing that could hold the same. */
export function backplaneLives(start: () => Promise<BackplaneSetting>): void {
  test("[B2][B3][B7] random lives of connections on two nodes follow the model", async () => {
    await using setting = await start();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await using pair = await startNodes(setting);
        const nodes = [pair.a, pair.b] as const;
        const home = (id: string) => (Number(id.slice(1)) % 2 === 0 ? pair.a : pair.b);
        const model = new Model();
        // Someone must always be there to hear when everything has arrived.
        const observers = [await pair.a.connect(new TestClient("o0")), await pair.b.connect(new TestClient("o1"))];
        const check = async () => {
          const clients = [...model.connected.values()].map(({ client }) => client);
          const received = (await settle(nodes, [...clients, ...observers], setting)).slice(0, clients.length);
          const expected = clients.map(({ id }) => model.expected.get(id)?.splice(0) ?? []);
          expect(received.map((values) => values.toSorted())).toEqual(expected.map((values) => values.toSorted()));
        };
        let sent = 0;
        for (const next of steps) {
          const isSend = next.kind === "group" || next.kind === "user" || next.kind === "connection";
          if (!isSend) await check();
          const sender = "from" in next ? nodes[next.from === 0 ? 0 : 1] : pair.a;
          switch (next.kind) {
            case "connect": {
              if (model.connected.has(next.id)) break;
              const client = await home(next.id).connect(new TestClient(next.id, next.user));
              model.connected.set(next.id, { client, groups: new Set() });
              model.expected.set(next.id, []);
              break;
            }
            case "disconnect": {
              const connection = model.connected.get(next.id);
              model.connected.delete(next.id);
              if (connection !== undefined) home(next.id).local.remove(connection.client);
              break;
            }
            case "join":
            case "leave": {
              const groups = model.connected.get(next.id)?.groups;
              if (groups === undefined) break;
              if (next.kind === "join") await sender.backplane.addToGroup(next.id, next.group);
              else await sender.backplane.removeFromGroup(next.id, next.group);
              if (next.kind === "join") groups.add(next.group);
              else groups.delete(next.group);
              break;
            }
            case "group":
              sender.clients.groupExcept(next.name, [next.except]).send("Message", ++sent);
              model.expect(sent, (client, groups) => groups.has(next.name) && client.id !== next.except);
              break;
            case "user":
              sender.clients.user(next.name).send("Message", ++sent);
              model.expect(sent, (client) => client.userId === next.name);
              break;
            case "connection":
              sender.clients.connection(next.name).send("Message", ++sent);
              model.expect(sent, (client) => client.id === next.name);
          }
        }
        await check();
      }),
      { numRuns: setting.disorder === undefined ? 25 : 5 },
    );
  }, 30_000);
}
