import type { Conversations } from "@hubbub/client";

/** Counts end here: more is "99+" [L23]. */
const mostExact = 99;

/** @param count as the contract counts: 100 stands for itself and more */
export function formatUnread(count: number): string {
  return count > mostExact ? `${mostExact}+` : String(count);
}

/** What waits in all conversations, for a badge; empty where nothing does. */
export function formatTotal(conversations: Conversations): string {
  let total = 0;
  for (const { conversation } of conversations.values()) total += conversation.me.unread;
  return total === 0 ? "" : formatUnread(total);
}
