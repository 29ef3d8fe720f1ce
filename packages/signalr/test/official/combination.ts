/** The last is for programs written for `node:http` that run on Bun. */
export const runtimeNames = ["Bun", "Node", "node:http under Bun"] as const;
export type RuntimeName = (typeof runtimeNames)[number];
export type TransportName = "WebSockets" | "ServerSentEvents" | "LongPolling";
export type ProtocolName = "json" | "messagepack";

/** One way to reach a server with the official client. */
export interface Combination {
  /** What the server runs on. */
  readonly runtime: RuntimeName;
  readonly transport: TransportName;
  readonly protocol: ProtocolName;
  /** Whether the client asks for stateful reconnect, which it gets over WebSockets. */
  readonly stateful: boolean;
  /** Where the client runs. */
  readonly host: "Node" | "Chromium";
}

export function combinationsIn(host: Combination["host"]): readonly Combination[] {
  return runtimesTriedFrom(host).flatMap((runtime) =>
    (["WebSockets", "ServerSentEvents", "LongPolling"] as const).flatMap((transport) =>
      (["json", "messagepack"] as const).flatMap((protocol) =>
        [false, true].map((stateful) => ({ runtime, transport, protocol, stateful, host })),
      ),
    ),
  );
}

/** What a browser sees of a runtime is what the client in Node sees: two are enough to see what is the browser's. */
function runtimesTriedFrom(host: Combination["host"]): readonly RuntimeName[] {
  return host === "Node" ? runtimeNames : ["Bun", "Node"];
}

/** Those whose requests may be forwarded from node to node. */
export function forwardedCombinations(): readonly Combination[] {
  return combinationsIn("Node").filter(
    ({ runtime, transport, stateful }) => runtime !== "node:http under Bun" && transport !== "WebSockets" && !stateful,
  );
}

export function titleOf({ host, runtime, transport, protocol, stateful }: Combination): string {
  return `from ${host} to ${runtime}: ${transport}, ${protocol}${stateful ? ", stateful reconnect" : ""}`;
}

/** Whether a broken socket is replaced without the application's noticing. */
export function resumes({ transport, stateful }: Combination): boolean {
  return stateful && transport === "WebSockets";
}
