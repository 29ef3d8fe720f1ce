import type { ConversationId, UserId } from "@hubbub/contract";
import { Refused, type Result, refusable } from "../../operations/result.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { ConversationWriter } from "../../ports/conversation-writer.ts";
import type { Transactor } from "../../ports/database.ts";
import type { Outbox, OutboxEvent } from "../../ports/outbox.ts";
import type { AppendedChange } from "./change-log.ts";
import {
  type EnteredConversation,
  type LockedConversation,
  lockConversation,
  lockForEntry,
} from "./lock-conversation.ts";
import { publishChanges } from "./publish-changes.ts";

export interface ChangeConversationDeps {
  readonly writer: ConversationWriter;
  readonly broadcaster: Broadcaster;
  readonly outbox: Outbox;
}

/** What was appended to the log, to be told after the commit, and what the caller is answered. */
interface Changed<Value> {
  readonly changes: readonly AppendedChange[];
  /** Facts that are no changes of the log, to be handed over with them. */
  readonly events?: readonly OutboxEvent[];
  readonly value: Value;
}

/** Gives up the whole change where a judgement is a refusal. */
export type Demand = (judged: Result<true>) => void;

type Work<Conversation, Value> = (tx: Transactor, locked: Conversation, demand: Demand) => Promise<Changed<Value>>;

/**
 * The way of every change that a member makes to a conversation or to who is in it: its lock first, then judged, then
 * written, and told after the commit [L3]. NOT_FOUND alike for an absent conversation and one the actor is not in.
 */
export function changeConversation<Value>(
  deps: ChangeConversationDeps,
  conversationId: ConversationId,
  actorId: UserId,
  work: Work<LockedConversation, Value>,
): Promise<Result<Value>> {
  return run(deps, conversationId, (tx) => lockConversation(tx, conversationId, actorId), work);
}

/** The same for someone who may be no member and wants to come in: `work` judges whether they may know of it at all. */
export function changeFromOutside<Value>(
  deps: ChangeConversationDeps,
  conversationId: ConversationId,
  work: Work<EnteredConversation, Value>,
): Promise<Result<Value>> {
  return run(deps, conversationId, (tx) => lockForEntry(tx, conversationId), work);
}

function run<Conversation, Value>(
  { writer, broadcaster, outbox }: ChangeConversationDeps,
  conversationId: ConversationId,
  lock: (tx: Transactor) => Promise<Conversation>,
  work: Work<Conversation, Value>,
): Promise<Result<Value>> {
  return refusable(async () => {
    const { value } = await writer.transaction({
      conversationId,
      work: async (tx) => work(tx, await lock(tx), demand),
      publish: ({ changes, events = [] }) => {
        publishChanges(broadcaster, outbox, conversationId, changes);
        outbox.handOver(events);
      },
    });
    return value;
  });
}

const demand: Demand = (judged) => {
  if (!judged.ok) throw new Refused(judged.failure);
};
