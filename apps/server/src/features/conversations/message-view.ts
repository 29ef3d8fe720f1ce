import type { ClientMessageId, ConversationId, Message, MessageId, Reaction, UserId } from "@hubbub/contract";

/** A row of `messages`; its times are text where the row came as JSON. */
export interface MessageRow {
  readonly id: MessageId;
  readonly conversation_id: ConversationId;
  readonly seq: number;
  readonly pts: number;
  readonly sender_id: UserId;
  readonly client_message_id: ClientMessageId;
  readonly kind: "text";
  readonly text: string | null;
  readonly reply_to_id: MessageId | null;
  readonly reply_to_seq: number | null;
  readonly reply_to_sender_id: UserId | null;
  readonly edited_at: Date | string | null;
  readonly deleted_at: Date | string | null;
  /** Absent where the reader must not learn of them. */
  readonly reactions?: readonly Reaction[] | null;
  readonly created_at: Date | string;
}

/** A message as everyone sees it. */
export function messageView(row: MessageRow): Message {
  const { reply_to_id, reply_to_seq, reply_to_sender_id, reactions = null } = row;
  return {
    id: row.id,
    conversationId: row.conversation_id,
    seq: row.seq,
    pts: row.pts,
    senderId: row.sender_id,
    clientMessageId: row.client_message_id,
    kind: row.kind,
    ...(row.text !== null && { text: row.text }),
    ...(reply_to_id !== null &&
      reply_to_seq !== null &&
      reply_to_sender_id !== null && {
        replyTo: { id: reply_to_id, seq: reply_to_seq, senderId: reply_to_sender_id },
      }),
    ...(reactions !== null && { reactions: [...reactions] }),
    ...(row.edited_at !== null && { editedAt: new Date(row.edited_at).toISOString() }),
    ...(row.deleted_at !== null && { deletedAt: new Date(row.deleted_at).toISOString() }),
    createdAt: new Date(row.created_at).toISOString(),
  };
}
