import type { ConversationId, ConversationType, PublicConversation } from "@hubbub/contract";

export const publicColumns = ["c.id", "c.type", "c.title", "c.topic", "c.member_count"] as const;

interface PublicRow {
  readonly id: ConversationId;
  readonly type: ConversationType;
  readonly title: string | null;
  readonly topic: string | null;
  readonly member_count: number;
}

/** A conversation as someone sees it who may come in. */
export function publicConversation({ id, type, title, topic, member_count }: PublicRow): PublicConversation {
  return {
    ...{ id, type, memberCount: member_count },
    ...(title !== null && { title }),
    ...(topic !== null && { topic }),
  };
}
