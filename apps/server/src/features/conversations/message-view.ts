import type { ClientMessageId, ConversationId, Message, MessageId, UserId } from "@hubbub/contract";

/** A row of `messages`; its time is text where the row came as JSON. */
export interface MessageRow {
  readonly id: MessageId;
  readonly conversation_id: ConversationId;
  readonly seq: number;
  readonly pts: number;
  readonly sender_id: UserId;
  readonly client_message_id: ClientMessageId;
  readonly kind: "text";
  readonly text: string | null;
  readonly created_at: Date | string;
}

/** A message as everyone sees it. */
export function messageView(row: MessageRow): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    seq: row.seq,
    pts: row.pts,
    senderId: row.sender_id,
    clientMessageId: row.client_message_id,
    kind: row.kind,
    ...(row.text !== null && { text: row.text }),
    createdAt: new Date(row.created_at).toISOString(),
  };
}
