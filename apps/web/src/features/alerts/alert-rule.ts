import { type ConversationState, calls, isUnreadOf, type PeopleState } from "@hubbub/client";
import type { Message, UserId } from "@hubbub/contract";
import { isQuiet } from "../conversations/index.ts";

/** Whether someone wants to be alerted of a message, as far as their settings say; the server judges alike. */
export function alertsOf(
  message: Message,
  { conversation }: Pick<ConversationState, "conversation">,
  { settings, blocks }: Pick<PeopleState, "settings" | "blocks">,
  ownId: UserId,
  now: Date,
): boolean {
  const { seq, senderId, deletedAt } = message;
  if (seq <= conversation.me.readSeq || deletedAt !== undefined || blocks.has(senderId)) return false;
  const isCalled = calls(message, ownId, blocks);
  const level = conversation.me.settings.notify ?? settings.notifications.notify;
  switch (level) {
    case "nothing":
      return false;
    case "mentions":
      return isCalled;
    case "all":
      return isCalled || (isUnreadOf(message, ownId) && !isQuiet(conversation, now));
    default:
      return level satisfies never;
  }
}
