import type {
  Attachment,
  ClientMessageId,
  ConversationId,
  ForwardedFrom,
  Mention,
  Message,
  MessageId,
  MessageKind,
  Reaction,
  SystemEvent,
  Thread,
  UserId,
} from "@hubbub/contract";

/** A row of `messages`; its times are text where the row came as JSON. */
export interface MessageRow {
  readonly id: MessageId;
  readonly conversation_id: ConversationId;
  readonly seq: number;
  readonly pts: number;
  readonly sender_id: UserId;
  readonly client_message_id: ClientMessageId | null;
  readonly kind: MessageKind;
  readonly text: string | null;
  readonly system: SystemEvent | null;
  readonly reply_to_id: MessageId | null;
  readonly reply_to_seq: number | null;
  readonly reply_to_sender_id: UserId | null;
  readonly thread_root_id: MessageId | null;
  readonly thread_root_seq?: number | null;
  readonly mentions: readonly Mention[] | null;
  readonly forwarded_from: ForwardedFrom | null;
  readonly media: readonly Attachment[] | null;
  readonly edited_at: Date | string | null;
  /** The same. */
  readonly pinned_at?: Date | string | null;
  readonly deleted_at: Date | string | null;
  /** Absent where the reader must not learn of them. */
  readonly reactions?: readonly Reaction[] | null;
  /** The same. */
  readonly thread?: Thread | null;
  readonly created_at: Date | string;
}

/** A message as everyone sees it. */
export function messageView(row: MessageRow): Message {
  const { reply_to_id, reply_to_seq, reply_to_sender_id, reactions = null, thread = null } = row;
  // a repeat of who left comes without reactions, and must not tell of pins either
  const pinned_at = row.reactions === undefined ? null : (row.pinned_at ?? null);
  return {
    id: row.id,
    conversationId: row.conversation_id,
    seq: row.seq,
    pts: row.pts,
    senderId: row.sender_id,
    ...(row.client_message_id !== null && { clientMessageId: row.client_message_id }),
    kind: row.kind,
    ...(row.text !== null && { text: row.text }),
    ...(row.media !== null && { media: [...row.media] }),
    ...(row.system !== null && { system: row.system }),
    ...(reply_to_id !== null &&
      reply_to_seq !== null &&
      reply_to_sender_id !== null && {
        replyTo: { id: reply_to_id, seq: reply_to_seq, senderId: reply_to_sender_id },
      }),
    ...(row.thread_root_id !== null && { threadRootId: row.thread_root_id }),
    ...(thread !== null && { thread: { ...thread, lastReplyAt: new Date(thread.lastReplyAt).toISOString() } }),
    ...(row.mentions !== null && { mentions: [...row.mentions] }),
    ...(row.forwarded_from !== null && { forwardedFrom: row.forwarded_from }),
    ...(reactions !== null && { reactions: [...reactions] }),
    ...(row.edited_at !== null && { editedAt: new Date(row.edited_at).toISOString() }),
    ...(pinned_at !== null && { pinnedAt: new Date(pinned_at).toISOString() }),
    ...(row.deleted_at !== null && { deletedAt: new Date(row.deleted_at).toISOString() }),
    createdAt: new Date(row.created_at).toISOString(),
  };
}
