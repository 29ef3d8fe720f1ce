import { type ConversationId, limits, type OperationOutput, type UserId } from "@hubbub/contract";
import type { HubbubApi } from "../api/hubbub-api.ts";
import type { KnownMember } from "./conversation-state.ts";

/** All members of a conversation, page by page. @throws HubbubError */
export async function readMembers(
  api: Pick<HubbubApi, "call">,
  conversationId: ConversationId,
): Promise<ReadonlyMap<UserId, KnownMember>> {
  const members = new Map<UserId, KnownMember>();
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: OperationOutput<"listMembers"> = await api.call("listMembers", {
      conversationId,
      limit: limits.page.most,
      ...(cursor !== undefined && { cursor }),
    });
    for (const { userId, role } of page.items) members.set(userId, { userId, role });
    cursor = page.nextCursor;
  }
  return members;
}
