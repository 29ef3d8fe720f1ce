import { expect, test } from "bun:test";
import fc from "fast-check";
import { eventMessage } from "./hub-clients.ts";
import { InMemoryLifetimeManager, type Recipient } from "./in-memory-lifetime-manager.ts";

/** The simplest thing that could hold the same: pairs of a connection and a group. */
interface Model {
  readonly connected: Map<string, string>;
  readonly members: Set<string>;
}

const connectionName = fc.constantFrom("a", "b", "c", "d", "e");
const groupName = fc.constantFrom("g", "h", "i");
const operation = fc.oneof(
  fc.record({ kind: fc.constant("connect" as const), id: connectionName, user: fc.constantFrom("", "u", "v") }),
  fc.record({ kind: fc.constant("disconnect" as const), id: connectionName }),
  fc.record({ kind: fc.constant("join" as const), id: connectionName, group: groupName }),
  fc.record({ kind: fc.constant("leave" as const), id: connectionName, group: groupName }),
  fc.record({
    kind: fc.constant("send" as const),
    group: groupName,
    except: fc.array(connectionName, { maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant("sendUser" as const), user: fc.constantFrom("u", "v") }),
);

test("[L1][L2][L3] membership and delivery follow the model through random lives", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 120 }), (operations) => {
      const manager = new InMemoryLifetimeManager();
      const model: Model = { connected: new Map(), members: new Set() };
      let received: string[] = [];
      const recipients = new Map<string, Recipient>();
      for (const step of operations) {
        received = [];
        switch (step.kind) {
          case "connect": {
            if (model.connected.has(step.id)) break;
            model.connected.set(step.id, step.user);
            const recipient = {
              id: step.id,
              userId: step.user,
              topics: null,
              protocol: null,
              enqueue: () => void received.push(step.id),
            };
            recipients.set(step.id, recipient);
            manager.add(recipient);
            break;
          }
          case "disconnect": {
            const recipient = recipients.get(step.id);
            recipients.delete(step.id);
            model.connected.delete(step.id);
            for (const pair of model.members) if (pair.startsWith(step.id)) model.members.delete(pair);
            if (recipient !== undefined) manager.remove(recipient);
            break;
          }
          case "join": {
            const pair = `${step.id}${step.group}`;
            const joins = model.connected.has(step.id) && !model.members.has(pair);
            if (joins) model.members.add(pair);
            expect(manager.addToGroup(step.id, step.group)).toBe(joins);
            break;
          }
          case "leave":
            expect(manager.removeFromGroup(step.id, step.group)).toBe(model.members.delete(`${step.id}${step.group}`));
            break;
          case "send": {
            manager.deliver({ kind: "group", name: step.group, except: step.except }, eventMessage("E", [1]));
            const expected = [...model.connected.keys()].filter(
              (id) => model.members.has(`${id}${step.group}`) && !step.except.some((skipped) => skipped === id),
            );
            expect(received.toSorted()).toEqual(expected.toSorted());
            break;
          }
          case "sendUser": {
            manager.deliver({ kind: "user", id: step.user }, eventMessage("E", [1]));
            const expected = [...model.connected].filter(([, user]) => user === step.user).map(([id]) => id);
            expect(received.toSorted()).toEqual(expected.toSorted());
            expect(manager.connectionsOf(step.user).toSorted()).toEqual(expected.toSorted());
          }
        }
        for (const group of ["g", "h", "i"]) {
          const expected = [...model.members].filter((pair) => pair.endsWith(group)).map((pair) => pair.slice(0, -1));
          expect(manager.membersOf(group).toSorted()).toEqual(expected.toSorted());
        }
      }
    }),
    { numRuns: 300 },
  );
});
