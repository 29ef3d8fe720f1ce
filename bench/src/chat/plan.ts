import type { Percentiles } from "../measure/histogram.ts";

/** What the load's process is told. */
export interface ChatConfig {
  /** `ws://host:port/path`. */
  readonly url: string;
  readonly serverPid: number;
  readonly postgresPid: number;
  /** Access tokens of the people who are online, one connection each. */
  readonly tokens: readonly string[];
  readonly conversations: readonly PlannedConversation[];
  readonly phases: readonly ChatPhase[];
}

export interface PlannedConversation {
  readonly id: string;
  /** Places of its members among the people; all are online. */
  readonly members: readonly number[];
}

export interface ChatPhase {
  readonly name: string;
  /** Where it writes: conversations `from` up to, but not with, `to`, in turn. */
  readonly from: number;
  readonly to: number;
  /** Occasions on which something is sent. */
  readonly perSecond: number;
  readonly seconds: number;
  /** Messages that are sent on one occasion at once, each by another member of the same conversation. Default 1. */
  readonly burst?: number;
  readonly measured: boolean;
  /** Milliseconds: the ramp's further steps are left out once the p99 of acknowledgements is above. */
  readonly stopsAbove?: number;
}

export interface ChatResult {
  readonly name: string;
  /** Messages sent a second, as planned. */
  readonly perSecond: number;
  readonly sends: number;
  readonly deliveries: number;
  /** From when it was planned to when the last was acknowledged. */
  readonly seconds: number;
  readonly serverCpuSeconds: number;
  readonly postgresCpuSeconds: number;
  readonly loadCpuSeconds: number;
  /** Messages for each time that bytes came to a client. */
  readonly messagesPerRead: number;
  readonly residentBytes: number;
  /** Milliseconds from when a send was due to its acknowledgement, and to each delivery. */
  readonly ack: Percentiles;
  readonly delivery: Percentiles;
}
