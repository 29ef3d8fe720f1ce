import { type DisconnectReason, defineHub, type HubOptions } from "../../src/index.ts";

interface HostileTypes {
  readonly user: undefined;
  readonly events: { readonly Block: string };
}

const block = "x".repeat(100_000);
const kilobyte = "x".repeat(1024);

/** How often connections ended for each reason. */
export const ends = new Map<DisconnectReason["kind"], number>();

/** Times are short, so that what they end is seen to end. */
function hubAt(path: string, limits: Partial<HubOptions<HostileTypes>> = {}) {
  return defineHub<HostileTypes>()({
    path,
    /** Takes its time with who shows the token "slow". */
    async authenticate(_request, { token }) {
      if (token === "slow") await new Promise((resolve) => setTimeout(resolve, 50));
      return { userId: "", user: undefined };
    },
    statefulReconnect: true,
    handshakeTimeout: 500,
    keepAliveInterval: 400,
    clientTimeout: 10_000,
    disconnectTimeout: 500,
    pollTimeout: 500,
    ...limits,
    methods: {
      Echo: (_call, value) => value,
      /** Sends the caller as many blocks of 100 kB as it says, read or not. */
      Push(call, count) {
        for (let index = 0; index < Number(count); index++) call.connection.send("Block", block);
      },
      Never: (call) => new Promise((resolve) => call.signal.addEventListener("abort", resolve)),
      async Collect(call) {
        let items = 0;
        for await (const _ of call.streams[0] ?? []) items++;
        return items;
      },
    },
    streams: {
      async *Endless(call) {
        while (!call.signal.aborted) yield kilobyte;
      },
    },
    onDisconnected: (_connection, { kind }) => void ends.set(kind, (ends.get(kind) ?? 0) + 1),
  });
}

/** With the default limits, and with one high enough that only the depth of a message can be what is wrong with it. */
export const hostileHub = hubAt("/hostile");
export const largeHub = hubAt("/large", { maximumMessageSize: 256 * 1024 });
