import { describe, expect, test } from "bun:test";
import { jsonProtocol } from "../protocol/json-protocol.ts";
import { messagePackProtocol } from "../protocol/messagepack-protocol.ts";
import type { Outcome } from "../protocol/messages.ts";
import { backplaneLives } from "./backplane-lives.ts";
import { type BackplaneSetting, ContractNode, settle, startNodes, until } from "./contract-node.ts";
import { TestClient } from "./test-client.ts";

/** What every backplane promises, rule by rule. */
export function backplaneContract(title: string, start: () => Promise<BackplaneSetting>): void {
  describe(title, () => {
    addressing(start);
    sending(start);
    groups(start);
    results(start);
    backplaneLives(start);
  });
}

function addressing(start: () => Promise<BackplaneSetting>): void {
  test("[B2] every kind of send reaches exactly those addressed, on both nodes, once", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const { a, b } = nodes;
    const clients = [
      await a.connect(new TestClient("a1", "ada")),
      await a.connect(new TestClient("a2", "bob", messagePackProtocol)),
      await b.connect(new TestClient("b1", "bob")),
      await b.connect(new TestClient("b2", "", messagePackProtocol)),
    ];
    for (const [node, other] of [
      [a, b],
      [b, a],
    ] as const) {
      await node.backplane.addToGroup("a1", "g");
      await other.backplane.addToGroup("b1", "g");
      await node.backplane.addToGroup("b2", "h");
      const to = node.clients;
      to.all.send("Message", { text: "all é 👋", bytes: null });
      to.allExcept(["a1", "b2"]).send("Message", "all but a1 and b2");
      to.group("g").send("Message", "g");
      to.groupExcept("g", ["b1"]).send("Message", "g but b1");
      to.groups(["g", "h", "empty"]).send("Message", "g and h");
      to.user("bob").send("Message", "bob");
      to.users(["ada", "bob", "nobody"]).send("Message", "ada and bob");
      to.connection("b2").send("Message", "b2");
      to.connections(["a1", "b1", "nobody"]).send("Message", "a1 and b1");
      const all = { text: "all é 👋", bytes: null };
      const inSomeOrder = (lists: unknown[][]) =>
        lists.map((list) => list.map((value) => JSON.stringify(value)).toSorted());
      expect(inSomeOrder(await settle([node], clients, setting))).toEqual(
        inSomeOrder([
          [all, "g", "g but b1", "g and h", "ada and bob", "a1 and b1"],
          [all, "all but a1 and b2", "bob", "ada and bob"],
          [all, "all but a1 and b2", "g", "g and h", "bob", "ada and bob", "a1 and b1"],
          [all, "g and h", "b2"],
        ]),
      );
    }
  });

  test("[B9] a user's connections are ended on every other node, behind what they were sent before", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const [ada, bob] = [
      await nodes.b.connect(new TestClient("b1", "ada")),
      await nodes.b.connect(new TestClient("b2", "bob")),
    ];
    const here = await nodes.a.connect(new TestClient("a1", "ada"));
    nodes.a.clients.user("ada").send("Message", "before");
    if (setting.disorder !== undefined) await settle([nodes.a], [ada, bob, here], setting);
    nodes.a.backplane.disconnectUser("ada", { error: "Bye é", allowReconnect: true });
    nodes.a.backplane.disconnectUser("ada", {});
    const [ofAda = [], ofBob, ofHere = []] = await settle([nodes.a], [ada, bob, here], setting);
    const ends = [{ end: { error: "Bye é", allowReconnect: true } }, { end: { allowReconnect: false } }];
    expect(ofAda.filter((value) => value !== "before")).toEqual(ends);
    if (setting.disorder === undefined) expect(ofAda[0]).toBe("before");
    expect(ofBob).toEqual([]);
    // The node itself ends its own without the backplane.
    expect(ofHere.filter((value) => value !== "before")).toEqual([]);
  });

  test("[B2] a hub hears nothing of another hub", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const other = new ContractNode(setting.backplane, [jsonProtocol], { path: "/other" });
    await other.backplane.ready;
    const outsider = await other.connect(new TestClient("x"));
    const client = await nodes.a.connect(new TestClient("a1"));
    nodes.b.clients.all.send("Message", 1);
    await until(() => client.received.length === 1);
    other.clients.all.send("Message", 2);
    expect(await settle([nodes.b], [client], setting)).toEqual([[1]]);
    expect(outsider.take()).toEqual([2]);
    await other.backplane.close();
  });

  test("[B2][B4] a node of one protocol is understood by clients of another, and understands them", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const jsonOnly = new ContractNode(setting.backplane, [jsonProtocol]);
    await jsonOnly.backplane.ready;
    const client = await nodes.a.connect(new TestClient("a1", "", messagePackProtocol));
    jsonOnly.clients.all.send("Message", [1.5, "é", { x: null }]);
    expect(await settle([jsonOnly], [client], setting)).toEqual([[[1.5, "é", { x: null }]]]);
    client.onAsked = ({ invocationId = "" }) =>
      queueMicrotask(() => nodes.a.local.results.complete("a1", invocationId, { kind: "result", result: ["é", null] }));
    expect(await jsonOnly.clients.connection("a1").invoke("Ask", "q")).toEqual(["é", null]);
    await jsonOnly.backplane.close();
  });
}

function sending(start: () => Promise<BackplaneSetting>): void {
  test("[B2] connections of the sending node are served within the call, and no second time", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const here = await nodes.a.connect(new TestClient("a1", "ada"));
    const there = await nodes.b.connect(new TestClient("b1"));
    nodes.a.clients.all.send("Message", 1);
    nodes.a.clients.user("ada").send("Message", 2);
    expect(here.take()).toEqual([1, 2]);
    expect(await settle([nodes.a], [here, there], setting)).toEqual([[], [1]]);
  });

  test("[B2] equal messages of two nodes are all delivered, each once", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const clients = [await nodes.a.connect(new TestClient("a1")), await nodes.b.connect(new TestClient("b1"))];
    for (let index = 0; index < 100; index++) {
      nodes.a.clients.all.send("Message", "same");
      if (index % 3 === 0) nodes.b.clients.all.send("Message", "same");
      if (index % 10 === 0) await Bun.sleep(1);
    }
    const received = await settle([nodes.a, nodes.b], clients, setting);
    expect(received.map(({ length }) => length)).toEqual([134, 134]);
  });

  test("[B2] what one node sends arrives in order, whomever it is for", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const client = await nodes.b.connect(new TestClient("b1", "bob"));
    await nodes.a.backplane.addToGroup("b1", "g");
    const { clients } = nodes.a;
    const all = [clients.group("g"), clients.all, clients.user("bob"), clients.connection("b1")];
    const ways = setting.disorder === undefined ? all : all.slice(0, 1);
    const count = 400;
    for (let index = 0; index < count; index++) {
      ways[(index * 7) % ways.length]?.send("Message", index);
      if (index % 50 === 0) await Bun.sleep(0);
    }
    expect(await settle([nodes.a], [client], setting)).toEqual([Array.from({ length: count }, (_, index) => index)]);
  });

  test("[B2] what cannot be encoded reaches nobody", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const clients = [await nodes.a.connect(new TestClient("a1")), await nodes.b.connect(new TestClient("b1"))];
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => nodes.a.clients.all.send("Message", cycle)).toThrow();
    expect(await settle([nodes.a], clients, setting)).toEqual([[], []]);
  });
}

function groups(start: () => Promise<BackplaneSetting>): void {
  test("[B3] a group is changed from any node, and is as it was told once that has returned", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const { a, b } = nodes;
    const client = await b.connect(new TestClient("b1"));
    // Where a change of the group may overtake what was sent to it before, each is given time.
    const arrived = () => (setting.disorder === undefined ? undefined : Bun.sleep(setting.disorder));
    for (let round = 0; round < 20; round++) {
      await a.backplane.addToGroup("b1", "g");
      a.clients.group("g").send("Message", `in ${round}`);
      await arrived();
      await a.backplane.removeFromGroup("b1", "g");
      a.clients.group("g").send("Message", `out ${round}`);
      b.clients.group("g").send("Message", `out ${round}`);
      await arrived();
    }
    expect(await settle([a, b], [client], setting)).toEqual([Array.from({ length: 20 }, (_, round) => `in ${round}`)]);
    expect(b.local.membersOf("g")).toEqual([]);
  });

  test("[B3] a connection that nobody has is an error, in time", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const message = "No node has answered: the connection may not exist.";
    await expect(nodes.a.backplane.addToGroup("nobody", "g")).rejects.toThrow(message);
    await expect(nodes.a.backplane.removeFromGroup("nobody", "g")).rejects.toThrow(message);
  });
}

function results(start: () => Promise<BackplaneSetting>): void {
  for (const protocol of [jsonProtocol, messagePackProtocol]) {
    test(`[B4] a client of another node is asked, and answers, fails, goes or is given up: ${protocol.name}`, async () => {
      await using setting = await start();
      await using nodes = await startNodes(setting);
      const { a, b } = nodes;
      for (const [client, node] of [
        [new TestClient("b1", "", protocol), b],
        [new TestClient("a1", "", protocol), a],
      ] as const) {
        await node.connect(client);
        const answerWith = (outcome: Outcome) => {
          client.onAsked = ({ invocationId = "" }) =>
            queueMicrotask(() => node.local.results.complete(client.id, invocationId, outcome));
        };
        const asked = (signal?: AbortSignal) => a.clients.connection(client.id, { signal }).invoke("Ask", "q");
        const failure = (signal?: AbortSignal) => asked(signal).catch(String);
        answerWith({ kind: "result", result: { answer: [1, "é", null] } });
        expect(await asked()).toEqual({ answer: [1, "é", null] });
        answerWith({ kind: "error", error: "client boom" });
        expect(await failure()).toBe("HubException: client boom");
        let reached = 0;
        client.onAsked = () => void reached++;
        const aborter = new AbortController();
        const abandoned = failure(aborter.signal);
        await until(() => reached === 1);
        aborter.abort();
        expect(await abandoned).toBe("HubException: Invocation canceled by the server.");
        expect(await failure(aborter.signal)).toBe("HubException: Invocation canceled by the server.");
        const hanging = failure();
        await until(() => reached === 3);
        node.local.remove(client);
        // Of a connection of this node the error is the server's own, which a caller is not shown; as the reference has it.
        expect(await hanging).toBe(
          node === a ? `Error: Connection '${client.id}' disconnected.` : "HubException: Connection disconnected.",
        );
        await Bun.sleep(20);
        expect(await failure()).toBe(`Error: Connection '${client.id}' does not exist.`);
      }
      expect(a.local.has("a1")).toBe(false);
    });
  }

  test("[B4] whoever asks a client whose node is lost is told so in time", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const { a, b } = nodes;
    const client = await b.connect(new TestClient("b1"));
    let isAsked = false;
    client.onAsked = () => {
      isAsked = true;
    };
    const asked = a.clients.connection("b1").invoke("Ask", "q").catch(String);
    await until(() => isAsked);
    await b.backplane.close();
    expect(String(await asked)).toBe("Error: The node of connection 'b1' is lost.");
  });

  test("[B4] whoever asks a client that goes just then is told so", async () => {
    await using setting = await start();
    await using nodes = await startNodes(setting);
    const { a, b } = nodes;
    for (let round = 0; round < 30; round++) {
      const client = await b.connect(new TestClient(`b${round}`));
      const asked = a.clients.connection(client.id).invoke("Ask", "q").catch(String);
      // The question reaches Redis before it hears that the node listens no more, or after it.
      if (round % 2 === 0) b.local.remove(client);
      else setImmediate(() => b.local.remove(client));
      expect(String(await asked)).toMatch(/disconnected\.$|does not exist\.$/);
    }
  });
}
