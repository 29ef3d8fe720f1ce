import type { ConversationId, ConversationType, MediaId, PublicConversation } from "@hubbub/contract";

export const publicColumns = ["c.id", "c.type", "c.title", "c.topic", "c.avatar_media_id", "c.member_count"] as const;

export interface PublicRow {
  readonly id: ConversationId;
  readonly type: ConversationType;
  readonly title: string | null;
  readonly topic: string | null;
  readonly avatar_media_id: MediaId | null;
  readonly member_count: number;
}

/** A conversation as someone sees it who may come in. */
export function publicConversation({
  id,
  type,
  title,
  topic,
  avatar_media_id,
  member_count,
}: PublicRow): PublicConversation {
  return {
    ...{ id, type, memberCount: member_count },
    ...(title !== null && { title }),
    ...(topic !== null && { topic }),
    ...(avatar_media_id !== null && { avatarMediaId: avatar_media_id }),
  };
}
