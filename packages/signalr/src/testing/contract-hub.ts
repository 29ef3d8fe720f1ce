import { defineHub } from "../hub/hub.ts";
import { HubError, HubException, HubUnauthorizedError } from "../hub/hub-error.ts";

export interface ContractEvents {
  readonly Message: unknown;
  readonly Ask: unknown;
  Rang(): void;
  Said(room: string, text: string, words: readonly string[]): void;
  Choose(one: string, other: string): string;
}

export interface ContractTypes {
  readonly user: { readonly name: string };
  readonly events: ContractEvents;
}

/** Why connections ended, by their ids. */
const ends = new Map<string, string>();

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** One of every kind of call, for the suite that every runtime must pass. */
export const contractHub = defineHub<ContractTypes>()({
  path: "/contract",
  maximumMessageSize: 64 * 1024,
  keepAliveInterval: 200,
  clientTimeout: 30_000,
  // A browser on a busy machine may be late with a poll or with the handshake behind its first.
  disconnectTimeout: 10_000,
  pollTimeout: 2000,
  statefulReconnect: true,
  keepRequests: true,
  allowedOrigins: () => true,
  async authenticate(_request, { token = "" }) {
    return token === "refused" ? null : { userId: token, user: { name: token } };
  },
  async onConnected({ user }) {
    if (user.name === "failing late") await pause(100);
    if (user.name.startsWith("failing")) throw new HubException("not now");
  },
  onDisconnected: (connection, { kind }) => void ends.set(connection.id, kind),
  methods: {
    Echo: (_call, value) => value,
    Nothing: () => undefined,
    Bytes: () => Uint8Array.of(1, 2, 3),
    WhoAmI: (call) => call.user.name,
    Transport: (call) => call.connection.transportName,
    /** What is seen of the request that carries the connection. */
    Request({ connection: { request } }) {
      return [request?.url.path, request?.url.query("FROM"), request?.headers.get("x-kept"), request?.remoteAddress];
    },
    Protocol: (call) => call.connection.protocolName,
    Refuse() {
      throw new HubError("FORBIDDEN: not here.");
    },
    Fail() {
      throw new Error("secret");
    },
    FailOpenly() {
      throw new HubException("told");
    },
    Restricted() {
      throw new HubUnauthorizedError();
    },
    /** Pushes as many messages as it is told, and then completes. */
    Push(call, count) {
      for (let index = 0; index < Number(count); index++) call.connection.send("Message", index);
      return count;
    },
    EchoAndPush(call, value) {
      call.connection.send("Message", value);
      return value;
    },
    Ask: (call, question) =>
      call.whileWaiting(call.clients.connection(call.connectionId, { signal: call.signal }).invoke("Ask", question)),
    /** Events of none and of three arguments, to the connection, to a group and to everyone of that name. */
    Say(call, room, text) {
      const said = [String(room), String(text), String(text).split(" ")] as const;
      call.connection.send("Rang");
      call.joinGroup(said[0]);
      call.clients.group(said[0]).send("Said", ...said);
      call.clients.user(call.userId).send("Rang");
      call.clients.connection(call.connectionId).send("Said", ...said);
    },
    Choose: (call, one, other) =>
      call.whileWaiting(call.clients.connection(call.connectionId).invoke("Choose", String(one), String(other))),
    async Sum(call) {
      let sum = 0;
      try {
        for await (const item of call.streams[0] ?? []) sum += Number(item);
      } catch (error) {
        return `${sum}, and then: ${error instanceof Error ? error.message : error}`;
      }
      return sum;
    },
    async Join(call) {
      const texts: string[] = [];
      for (const stream of call.streams) {
        let text = "";
        for await (const item of stream) text += item;
        texts.push(text);
      }
      return texts;
    },
    WaitForever: (call) =>
      call.whileWaiting(new Promise((resolve) => call.signal.addEventListener("abort", resolve, { once: true }))),
    /** Waits for a connection's end, and tells its reason. */
    async EndOf(call, id) {
      while (!ends.has(String(id)) && !call.isCancelled) await pause(10);
      return ends.get(String(id));
    },
    Close(call, error, allowReconnect) {
      const options = { allowReconnect: allowReconnect === true };
      call.connection.close(typeof error === "string" ? { ...options, error } : options);
    },
  },
  streams: {
    Count: (_call, count) => Array.from({ length: Number(count) }, (_, index) => index),
    async *Forever(call) {
      try {
        for (let index = 0; !call.signal.aborted; index++) {
          yield index;
          await pause(1);
        }
      } finally {
        call.connection.send("Message", "Forever is over.");
      }
    },
    async *Break() {
      yield 1;
      throw new HubException("broken");
    },
    EchoStream: (call) => call.streams[0],
  },
});

/** Gives a client that does not poll up soon. */
export const hastyHub = defineHub<ContractTypes>()({
  path: "/hasty",
  disconnectTimeout: 500,
  authenticate: async () => ({ userId: "", user: { name: "" } }),
  methods: {},
});
