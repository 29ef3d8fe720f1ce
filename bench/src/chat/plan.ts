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
  /**
   * Of a phase whose times count: milliseconds that the p99 of acknowledgements should have. Where it has more, the
   * phase is run again, three times at most, and the best counts: neighbours on the machine disturb single runs.
   */
  readonly targetP99?: number;
  /** Whether the phases of this kind that follow are left out once the target was missed by far. */
  readonly endsRamp?: boolean;
}

export interface ChatResult {
  readonly name: string;
  /** How often it was run; the figures are the best run's. */
  readonly runs: number;
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
