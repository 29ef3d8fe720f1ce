import {
  type Attachment,
  type ClientMessageId,
  type ConversationId,
  type ForwardedFrom,
  isBlank,
  laneOf,
  type MediaId,
  type Mention,
  type Message,
  type MessageId,
  type MessageKind,
  newMessageId,
  operations,
  type UserId,
} from "@hubbub/contract";
import { sql } from "kysely";
import { defineOperation, type Operation } from "../../operations/operation.ts";
import { type Failure, ok } from "../../operations/result.ts";
import type { Broadcaster } from "../../ports/broadcaster.ts";
import type { ConversationWriter } from "../../ports/conversation-writer.ts";
import type { Database } from "../../ports/database.ts";
import type { Outbox, OutboxEvent } from "../../ports/outbox.ts";
import { currentTrace } from "../../ports/trace.ts";
import { type MessageRow, messageView } from "../conversations/index.ts";

/** Messages in one call of the database function. Beyond about a hundred a larger batch gains nothing. */
const BATCH = 128;

export interface SendMessageDeps {
  readonly writer: ConversationWriter;
  readonly broadcaster: Pick<Broadcaster, "toConversation">;
  readonly outbox: Outbox;
  /** Whether direct messages pass between friends alone. */
  readonly friendsOnly: boolean;
}

export interface NewMessage {
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  readonly senderId: UserId;
  readonly clientMessageId: ClientMessageId;
  readonly text: string | null;
  readonly replyToId: MessageId | null;
  readonly threadRootId: MessageId | null;
  readonly mentions: readonly Mention[];
  readonly mediaIds: readonly MediaId[];
  /** Its media are of a message that is locked, and that the sender sees. */
  readonly forwardedFrom: ForwardedFrom | null;
  readonly traceId: string | null;
}

export type Sent =
  | { readonly kind: "accepted"; readonly message: Message; readonly outboxEvent: OutboxEvent }
  /** Stored by an earlier try of this batch, whose answer was lost. */
  | { readonly kind: "recovered"; readonly message: Message }
  /** The same, and changed since: it stands at the pts of that change. */
  | { readonly kind: "overtaken"; readonly message: Message }
  | { readonly kind: "duplicate"; readonly message: Message }
  | { readonly kind: "refused"; readonly failure: Failure };

/** The hot path: one call of `send_messages` stores what a whole lane group is waiting to send. */
export function sendMessageOperation({ writer, broadcaster, outbox, friendsOnly }: SendMessageDeps): Operation {
  const send = writer.batched<NewMessage, Sent>({
    most: BATCH,
    run: (db, messages) => storeMessages(db, { outbox, friendsOnly }, messages),
    publish: (outcomes) => publishSent(broadcaster, outbox, outcomes),
  });
  return defineOperation(operations.sendMessage, {
    handle: async (
      { text = "", replyToId = null, threadRootId = null, mentions = [], mediaIds = [], ...input },
      { userId },
    ) => {
      const sent = await send({
        ...{ ...input, text: isBlank(text) ? null : text, replyToId, threadRootId, mentions, mediaIds },
        ...{ id: newMessageId(input.conversationId), senderId: userId, forwardedFrom: null, traceId: currentTrace() },
      });
      return sent.kind === "refused" ? { ok: false, failure: sent.failure } : ok(sent);
    },
    rest: ({ kind, message }) => ({ body: { message }, status: kind === "duplicate" ? 200 : 201 }),
    hub: ({ kind, message: { id, seq, pts, createdAt } }) => ({
      messageId: id,
      seq,
      pts,
      createdAt,
      duplicate: kind === "duplicate",
    }),
  });
}

interface StoredRow {
  outcome:
    | "ACCEPTED"
    | "STORED"
    | "REPLY_NOT_SEEN"
    | "THREAD_NOT_SEEN"
    | "MEDIA_NOT_USABLE"
    | "NOT_FOUND"
    | "FORBIDDEN"
    | "RECIPIENT_UNAVAILABLE";
  message_id: MessageId;
  seq: number;
  pts: number;
  created_at: Date;
  kind: MessageKind;
  text: string | null;
  reply_to_id: MessageId | null;
  reply_to_seq: number | null;
  reply_to_sender_id: UserId | null;
  thread_root_id: MessageId | null;
  mentions: readonly Mention[] | null;
  forwarded_from: ForwardedFrom | null;
  media: readonly Attachment[] | null;
  /** As it is now, where it was there before this call. */
  stored: MessageRow | null;
  outbox_id: number | null;
  event_id: string | null;
}

/** The same for one that is absent, in another conversation, or from before the sender's time. */
const notSeen = (path: "replyToId" | "threadRootId" | "mediaIds", message: string): Failure => ({
  code: "VALIDATION_FAILED",
  detail: `${path} ${message}`,
  errors: [{ path, message }],
});
const replyNotSeen = notSeen("replyToId", "is not a message that you see in this conversation");
const threadNotSeen = notSeen(
  "threadRootId",
  "is not a message that you see in this conversation, or is a reply itself",
);

const mediaNotUsable = notSeen("mediaIds", "must be ready media that you uploaded for this conversation");

/** Judges and stores each on its own merits; answers one outcome a message, in order. */
export async function storeMessages(
  db: Database,
  { outbox, friendsOnly }: Pick<SendMessageDeps, "outbox" | "friendsOnly">,
  messages: readonly NewMessage[],
): Promise<Sent[]> {
  const { rows } = await sql<StoredRow>`
    select * from send_messages(
      ${outbox.node}::uuid, make_interval(secs => ${outbox.claimSeconds}),
      ${messages.map((message) => laneOf(message.conversationId))}::smallint[],
      ${messages.map((message) => message.conversationId)}::uuid[],
      ${messages.map((message) => message.senderId)}::uuid[],
      ${messages.map((message) => message.clientMessageId)}::uuid[],
      ${messages.map((message) => message.id)}::uuid[],
      ${messages.map((message) => message.text)}::text[],
      ${messages.map((message) => message.replyToId)}::uuid[],
      ${messages.map((message) => message.threadRootId)}::uuid[],
      ${messages.map(({ mentions }) => (mentions.length === 0 ? null : JSON.stringify(mentions)))}::text[],
      ${messages.map(({ forwardedFrom }) => (forwardedFrom === null ? null : JSON.stringify(forwardedFrom)))}::text[],
      ${messages.map(({ mediaIds }) => (mediaIds.length === 0 ? null : JSON.stringify(mediaIds)))}::text[],
      ${friendsOnly}
    )`.execute(db);
  const outcomes = messages.map((message, index) => {
    const row = rows[index];
    if (row === undefined) throw new Error(`send_messages answered ${rows.length} rows for ${messages.length}`);
    return sent(message, row);
  });
  return outcomes.some(({ kind }) => kind === "recovered") ? markOvertaken(db, outcomes) : outcomes;
}

/** A message stands at the pts of its latest change; the log tells whether that is its own. */
async function markOvertaken(db: Database, outcomes: readonly Sent[]): Promise<Sent[]> {
  const recovered = outcomes.flatMap((outcome) => (outcome.kind === "recovered" ? [outcome.message] : []));
  const { rows } = await sql<{ id: MessageId }>`
    select a.id from unnest(
      ${recovered.map(({ conversationId }) => laneOf(conversationId))}::smallint[],
      ${recovered.map(({ conversationId }) => conversationId)}::uuid[],
      ${recovered.map(({ pts }) => pts)}::bigint[], ${recovered.map(({ id }) => id)}::uuid[]
    ) as a(lane, conversation_id, pts, id)
    join conversation_changes c on c.lane = a.lane and c.conversation_id = a.conversation_id and c.pts = a.pts
    where c.event <> 'ReceiveMessage'`.execute(db);
  const overtaken = new Set(rows.map(({ id }) => id));
  return outcomes.map((outcome) =>
    outcome.kind === "recovered" && overtaken.has(outcome.message.id) ? { ...outcome, kind: "overtaken" } : outcome,
  );
}

function sent(message: NewMessage, row: StoredRow): Sent {
  if (row.outcome === "REPLY_NOT_SEEN") return { kind: "refused", failure: replyNotSeen };
  if (row.outcome === "THREAD_NOT_SEEN") return { kind: "refused", failure: threadNotSeen };
  if (row.outcome === "MEDIA_NOT_USABLE") return { kind: "refused", failure: mediaNotUsable };
  if (row.outcome !== "ACCEPTED" && row.outcome !== "STORED")
    return { kind: "refused", failure: { code: row.outcome } };
  const { conversationId, senderId, clientMessageId } = message;
  const stored = messageView(
    row.stored ?? {
      ...row,
      id: row.message_id,
      conversation_id: conversationId,
      sender_id: senderId,
      client_message_id: clientMessageId,
      system: null,
      edited_at: null,
      deleted_at: null,
    },
  );
  if (row.outcome === "STORED") {
    // under the very id made for this call, or an earlier one's
    return { kind: row.message_id === message.id ? "recovered" : "duplicate", message: stored };
  }
  if (row.outbox_id === null || row.event_id === null) throw new Error("an accepted message has no outbox row");
  return {
    kind: "accepted",
    message: stored,
    outboxEvent: {
      lane: laneOf(conversationId),
      id: row.outbox_id,
      eventId: row.event_id,
      event: "ReceiveMessage",
      conversationId,
      userId: null,
      pts: row.pts,
      actorId: senderId,
      payload: null,
      traceId: message.traceId,
    },
  };
}

/**
 * In order of pts within each conversation, also where a repeated batch brings earlier and later ones together. Whoever
 * repeats did not hear the first answer: who stored it then may not have told of it either [L20].
 */
export function publishSent(
  broadcaster: Pick<Broadcaster, "toConversation">,
  outbox: Outbox,
  outcomes: readonly Sent[],
): void {
  const stored = outcomes.filter((outcome) => outcome.kind !== "refused");
  stored.sort((a, b) => a.message.pts - b.message.pts);
  for (const { kind, message } of stored) {
    const { conversationId, pts } = message;
    if (kind === "accepted" || kind === "recovered")
      broadcaster.toConversation(conversationId, "ReceiveMessage", message);
    else broadcaster.toConversation(conversationId, "ConversationHead", { conversationId, pts });
  }
  outbox.handOver(stored.flatMap((outcome) => (outcome.kind === "accepted" ? [outcome.outboxEvent] : [])));
}
