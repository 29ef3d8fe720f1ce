import type { Conversations } from "@hubbub/client";
import type { Conversation } from "@hubbub/contract";

/** Counts end here: more is "99+" [L23]. */
const mostExact = 99;

/** @param count as the contract counts: 100 stands for itself and more */
export function formatUnread(count: number): string {
  return count > mostExact ? `${mostExact}+` : String(count);
}

/** Whether someone wants to be left alone by it: it is muted or archived. */
export function isQuiet({ me: { settings } }: Conversation, now: Date): boolean {
  return settings.archived || isMuted(settings, now);
}

export function isMuted({ mutedUntil }: Conversation["me"]["settings"], now: Date): boolean {
  return mutedUntil !== undefined && new Date(mutedUntil) > now;
}

/** What waits in all conversations, for a badge: of the quiet ones only what names one. */
export function countTotal(conversations: Conversations, now: Date): number {
  let total = 0;
  for (const { conversation } of conversations.values())
    total += isQuiet(conversation, now) ? conversation.me.unreadMentions : conversation.me.unread;
  return total;
}

/** The same in words; empty where nothing waits. */
export function formatTotal(conversations: Conversations, now: Date): string {
  const total = countTotal(conversations, now);
  return total === 0 ? "" : formatUnread(total);
}
