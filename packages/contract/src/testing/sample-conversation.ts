import { newConversationId } from "../ids.ts";
import type { Conversation } from "../objects/conversation.ts";

type Membership = Conversation["me"];

/** As one sees a new, empty group, but for the fields given. */
export function sampleConversation(
  fields: Partial<Omit<Conversation, "me">> & { readonly me?: Partial<Membership> } = {},
): Conversation {
  const { me, ...others } = fields;
  return {
    id: newConversationId(),
    type: "group",
    visibility: "private",
    posting: "everyone",
    historyVisibility: "all",
    encrypted: false,
    memberCount: 2,
    seq: 0,
    pts: 0,
    createdAt: "2026-03-01T10:00:00.000Z",
    ...others,
    me: {
      role: "member",
      readSeq: 0,
      deliveredSeq: 0,
      visibleFromSeq: 1,
      unread: 0,
      unreadMentions: 0,
      settings: { pinned: false, archived: false },
      ...me,
    },
  };
}
