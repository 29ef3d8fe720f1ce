import { expect, test } from "bun:test";
import { type ChatEventName, type ChatEvents, newConversationId, newUserId } from "@hubbub/contract";
import type { ConnectionState } from "../connection/chat-connection.ts";
import { Listeners } from "../listeners.ts";
import { Presence } from "./presence.ts";

/** A connection that writes down what it is asked, and answers at once. */
function begin() {
  const asked: [string, object][] = [];
  const states = new Listeners<ConnectionState>();
  const listeners = new Map<string, ((payload: never) => void)[]>();
  let state: ConnectionState = { status: "online" };
  const heard: number[] = [];
  const presence = new Presence({
    connection: {
      get state() {
        return state;
      },
      onState: (listener) => states.add(listener),
      on: (name, listener) => {
        listeners.set(name, [...(listeners.get(name) ?? []), listener]);
        return () => undefined;
      },
      call: (name, input) => {
        asked.push([name, input]);
        return new Promise(() => undefined);
      },
      tell: (name, input) => asked.push([name, input]),
    },
    heard: (_, pts) => heard.push(pts),
  });
  presence.listen();
  return {
    presence,
    asked,
    become(next: ConnectionState) {
      state = next;
      states.emit(next);
    },
    push<Name extends ChatEventName>(name: Name, payload: ChatEvents[Name]) {
      for (const listener of listeners.get(name) ?? []) listener(payload as never);
    },
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("what several parts show is watched once, asked for anew by the next connection, and left when nobody shows it", async () => {
  const { presence, asked, become } = begin();
  const [ada, grace] = [newUserId(), newUserId()];
  const id = newConversationId();
  const ends = [presence.watch([ada, grace]), presence.watch([ada]), presence.view(id), presence.view(id)];
  await settled();
  const wanted = [
    ["joinConversation", { conversationId: id }],
    ["watchPresence", { userIds: [ada, grace] }],
  ];
  expect(asked.splice(0)).toEqual(wanted as typeof asked);
  become({ status: "offline", until: 0 });
  become({ status: "online" });
  await settled();
  expect(asked.splice(0)).toEqual(wanted as typeof asked);
  ends[0]?.();
  ends[2]?.();
  await settled();
  expect(asked.splice(0)).toEqual([["unwatchPresence", { userIds: [grace] }]]);
  ends[1]?.();
  ends[3]?.();
  await settled();
  expect(asked.splice(0)).toEqual([
    ["leaveConversation", { conversationId: id }],
    ["unwatchPresence", { userIds: [ada] }],
  ]);
});

test("nothing of presence and typing outlives the connection, and a message ends its sender's typing", () => {
  const { presence, become, push } = begin();
  const [ada, grace] = [newUserId(), newUserId()];
  const conversationId = newConversationId();
  push("UserStatusChanged", { userId: ada, presence: "busy" });
  push("UserStartedTyping", { conversationId, userId: ada });
  push("UserStartedTyping", { conversationId, userId: grace });
  push("UserStoppedTyping", { conversationId, userId: grace });
  expect(presence.statuses.get().get(ada)?.presence).toBe("busy");
  expect([...(presence.typists.get().get(conversationId) ?? [])]).toEqual([ada]);
  become({ status: "offline", until: 0 });
  expect([presence.statuses.get().size, presence.typists.get().size]).toEqual([0, 0]);
});

test("typing is told once in a while, and its end once", () => {
  const { presence, asked } = begin();
  const id = newConversationId();
  for (let keys = 0; keys < 10; keys++) presence.type(id, true);
  presence.type(id, false);
  presence.type(id, false);
  expect(asked.map(([name]) => name)).toEqual(["startTyping", "stopTyping"]);
});
