import type { ConversationId, UserId } from "@hubbub/contract";
import type { z } from "zod";
import type { ConversationEvent, NewEvent, OutboxConsumer, OutboxEvent, PersonEvent } from "../ports/outbox.ts";

/** A kind of fact that slices above may react to; the slice in which it happens declares it. */
interface EventKind<Payload extends object | null> {
  readonly event: string;
  readonly payload: z.ZodType<Payload>;
}

export interface ConversationEventKind<Payload extends object | null> extends EventKind<Payload> {
  readonly of: (conversationId: ConversationId, actorId: UserId, payload: Payload) => NewEvent;
}

export interface PersonEventKind<Payload extends object | null> extends EventKind<Payload> {
  readonly of: (userId: UserId, actorId: UserId, payload: Payload) => NewEvent;
}

/** Declares an event about a conversation. */
export function conversationEvent<Payload extends object | null>(
  event: string,
  schema: z.ZodType<Payload>,
): ConversationEventKind<Payload> {
  return {
    event,
    payload: schema,
    of: (conversationId, actorId, payload) => ({ event, conversationId, userId: null, actorId, payload }),
  };
}

/** Declares an event about a person. */
export function personEvent<Payload extends object | null>(
  event: string,
  schema: z.ZodType<Payload>,
): PersonEventKind<Payload> {
  return {
    event,
    payload: schema,
    of: (userId, actorId, payload) => ({ event, conversationId: null, userId, actorId, payload }),
  };
}

/** What one consumer does about one kind of event. */
interface Reaction {
  readonly event: string;
  readonly consume: (event: OutboxEvent) => Promise<void>;
}

export function onConversation<Payload extends object | null>(
  kind: ConversationEventKind<Payload>,
  react: (event: ConversationEvent, payload: Payload) => Promise<void>,
): Reaction {
  return {
    event: kind.event,
    consume: async (event) => {
      if (event.conversationId === null) throw new TypeError(`${kind.event} must be about a conversation`);
      await react(event, kind.payload.parse(event.payload));
    },
  };
}

export function onPerson<Payload extends object | null>(
  kind: PersonEventKind<Payload>,
  react: (event: PersonEvent, payload: Payload) => Promise<void>,
): Reaction {
  return {
    event: kind.event,
    consume: async (event) => {
      if (event.userId === null) throw new TypeError(`${kind.event} must be about a person`);
      await react(event, kind.payload.parse(event.payload));
    },
  };
}

/** @param name stays the same for as long as the consumer exists */
export function defineConsumer(name: string, reactions: readonly Reaction[]): OutboxConsumer {
  const byEvent = new Map(reactions.map((reaction) => [reaction.event, reaction]));
  return {
    name,
    events: [...byEvent.keys()],
    consume: async (event) => byEvent.get(event.event)?.consume(event),
  };
}
