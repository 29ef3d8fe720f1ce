import type { ConversationId, UserId } from "@hubbub/contract";

/** A committed fact on its way to its consumers [L9]. */
export interface OutboxEvent {
  readonly lane: number;
  readonly id: number;
  /** Consumers are idempotent by it. */
  readonly eventId: string;
  readonly event: string;
  readonly conversationId: ConversationId;
  readonly pts: number | null;
  readonly actorId: UserId;
  readonly payload: object | null;
}

export interface Outbox {
  /** Rows are written already claimed by this node. */
  readonly node: string;
  /** Seconds until another node may take over a row that this one has not finished. */
  readonly claimSeconds: number;
  /** Called after the commit that wrote them: the events go to their consumers at once. */
  handOver(events: readonly OutboxEvent[]): void;
}

/** Makes an effect of an event, once however often it is called with it. */
export interface OutboxConsumer {
  readonly events: readonly string[];
  readonly consume: (event: OutboxEvent) => Promise<void>;
}
