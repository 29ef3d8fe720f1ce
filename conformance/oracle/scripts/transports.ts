import type { Target, TransportName } from "../script.ts";

const all = ["WebSockets", "ServerSentEvents", "LongPolling"] as const;

/** @returns the transports that can carry a target's protocol: server-sent events are text */
export function transportsFor({ protocol }: Target): readonly TransportName[] {
  return protocol === "json" ? all : all.filter((transport) => transport !== "ServerSentEvents");
}
