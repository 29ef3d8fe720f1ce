import { defineHub } from "../hub/hub.ts";
import { HubError, HubException } from "../hub/hub-error.ts";

export interface ContractEvents {
  readonly Message: unknown;
  readonly Ask: unknown;
}

export interface ContractTypes {
  readonly user: { readonly name: string };
  readonly events: ContractEvents;
}

/** One of every kind of call, for the suite that every runtime must pass. */
export const contractHub = defineHub<ContractTypes>()({
  path: "/contract",
  maximumMessageSize: 64 * 1024,
  keepAliveInterval: 200,
  clientTimeout: 5000,
  disconnectTimeout: 1000,
  pollTimeout: 300,
  statefulReconnect: true,
  keepRequests: true,
  allowedOrigins: () => true,
  async authenticate(_request, { token = "" }) {
    return token === "refused" ? null : { userId: token, user: { name: token } };
  },
  methods: {
    Echo: (_call, value) => value,
    Nothing: () => undefined,
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
    /** Pushes as many messages as it is told, and then completes. */
    Push(call, count) {
      for (let index = 0; index < Number(count); index++) call.connection.send("Message", index);
      return count;
    },
    async Sum(call) {
      let sum = 0;
      for await (const item of call.streams[0] ?? []) sum += Number(item);
      return sum;
    },
    Close(call, error) {
      call.connection.close(typeof error === "string" ? { error } : {});
    },
  },
  streams: {
    Count: (_call, count) => Array.from({ length: Number(count) }, (_, index) => index),
    async *Forever(call) {
      for (let index = 0; !call.signal.aborted; index++) yield index;
    },
    async *Break() {
      yield 1;
      throw new HubException("broken");
    },
  },
});
