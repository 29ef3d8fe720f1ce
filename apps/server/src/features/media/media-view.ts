import type { ConversationId, Media, MediaId, MediaState, UserId } from "@hubbub/contract";

export interface MediaRow {
  readonly id: MediaId;
  readonly owner_id: UserId;
  readonly conversation_id: ConversationId | null;
  readonly file_name: string;
  readonly content_type: string;
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly state: MediaState;
  readonly created_at: Date;
}

/** What it was uploaded for is its uploader's alone: it may have been forwarded to people who are not in there. */
export function mediaView(row: MediaRow, viewer: UserId): Media {
  const { id, owner_id, conversation_id, width, height, state } = row;
  return {
    ...{ id, fileName: row.file_name, contentType: row.content_type, size: row.size },
    ...(width !== null && { width }),
    ...(height !== null && { height }),
    state,
    ...(owner_id === viewer &&
      (conversation_id === null ? { purpose: "avatar" } : { conversationId: conversation_id })),
    createdAt: row.created_at.toISOString(),
  };
}
