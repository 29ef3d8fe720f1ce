import type { ConversationId, UserId } from "@hubbub/contract";
import type { Transactor } from "./database.ts";

interface EventFields {
  readonly event: string;
  readonly actorId: UserId;
  readonly payload: object | null;
}

interface QueuedFields extends EventFields {
  readonly lane: number;
  readonly id: number;
  /** Consumers are idempotent by it. */
  readonly eventId: string;
  /** Of the request or call in which it happened. */
  readonly traceId: string | null;
}

/** A committed fact about a conversation, on its way to its consumers [L9]. */
export interface ConversationEvent extends QueuedFields {
  readonly conversationId: ConversationId;
  readonly userId: null;
  /** Of the change; null for the creation of the conversation. */
  readonly pts: number | null;
}

/** One about a person; its lane is that of the person's id. */
export interface PersonEvent extends QueuedFields {
  readonly conversationId: null;
  readonly userId: UserId;
  readonly pts: null;
}

export type OutboxEvent = ConversationEvent | PersonEvent;

/** An event that is about to be written. */
export type NewEvent = EventFields &
  (
    | { readonly conversationId: ConversationId; readonly userId: null }
    | { readonly conversationId: null; readonly userId: UserId }
  );

export interface Outbox {
  /** Rows are written already claimed by this node. */
  readonly node: string;
  /** Seconds until another node may take over a row that this one has not finished. */
  readonly claimSeconds: number;
  /** Writes an event that is no change of a conversation's log; those write theirs themselves. */
  write(tx: Transactor, event: NewEvent): Promise<OutboxEvent>;
  /** Called after the commit that wrote them: the events go to their consumers at once. */
  handOver(events: readonly OutboxEvent[]): void;
}

/** Makes an effect of an event, once however often it is called with it. */
export interface OutboxConsumer {
  /** Stays the same for as long as the consumer exists: a retry leaves out those that have succeeded. */
  readonly name: string;
  readonly events: readonly string[];
  readonly consume: (event: OutboxEvent) => Promise<void>;
  /** The same for many that wait, in their order, where that is cheaper. A failure has each tried by itself. */
  readonly consumeAll?: (events: readonly OutboxEvent[]) => Promise<void>;
}

/** An event that some consumer failed at too often: nobody tries it again until an admin says so. */
export interface DeadLetter {
  /** The event's. */
  readonly id: string;
  readonly event: string;
  readonly conversationId: ConversationId | null;
  readonly userId: UserId | null;
  readonly tries: number;
  readonly error: string;
  readonly traceId: string | null;
  readonly createdAt: Date;
  readonly diedAt: Date;
}

export interface DeadLetters {
  /** The newest events first. @param before an id: only older ones */
  list(limit: number, before?: string): Promise<DeadLetter[]>;
  /** Gives the event to its consumers again. @returns false when there is no such letter */
  requeue(id: string): Promise<boolean>;
}
