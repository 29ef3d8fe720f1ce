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

/** What one consumer does about one kind of event, or what it gathers from it. */
interface Reaction<Outcome> {
  readonly event: string;
  readonly react: (event: OutboxEvent) => Promise<Outcome>;
}

export function onConversation<Payload extends object | null, Outcome>(
  kind: ConversationEventKind<Payload>,
  react: (event: ConversationEvent, payload: Payload) => Promise<Outcome>,
): Reaction<Outcome> {
  return {
    event: kind.event,
    react: async (event) => {
      if (event.conversationId === null) throw new TypeError(`${kind.event} must be about a conversation`);
      return react(event, kind.payload.parse(event.payload));
    },
  };
}

export function onPerson<Payload extends object | null, Outcome>(
  kind: PersonEventKind<Payload>,
  react: (event: PersonEvent, payload: Payload) => Promise<Outcome>,
): Reaction<Outcome> {
  return {
    event: kind.event,
    react: async (event) => {
      if (event.userId === null) throw new TypeError(`${kind.event} must be about a person`);
      return react(event, kind.payload.parse(event.payload));
    },
  };
}

/** @param name stays the same for as long as the consumer exists */
export function defineConsumer(name: string, reactions: readonly Reaction<void>[]): OutboxConsumer {
  const byEvent = new Map(reactions.map((reaction) => [reaction.event, reaction]));
  return {
    name,
    events: [...byEvent.keys()],
    consume: async (event) => byEvent.get(event.event)?.react(event),
  };
}

/**
 * One that takes many events at once.
 * @param apply the effect of what was gathered from events, in their order; of all of it, or none
 */
export function defineBatchConsumer<Outcome>(
  name: string,
  reactions: readonly Reaction<Outcome>[],
  apply: (gathered: readonly Outcome[]) => Promise<void>,
): OutboxConsumer {
  const byEvent = new Map(reactions.map((reaction) => [reaction.event, reaction]));
  const consumeAll = async (events: readonly OutboxEvent[]) => {
    const gathered: Outcome[] = [];
    for (const event of events) {
      const reaction = byEvent.get(event.event);
      if (reaction !== undefined) gathered.push(await reaction.react(event));
    }
    await apply(gathered);
  };
  return { name, events: [...byEvent.keys()], consume: (event) => consumeAll([event]), consumeAll };
}
