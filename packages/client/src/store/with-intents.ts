import type { Message, UserId } from "@hubbub/contract";
import type { ConversationState } from "./conversation-state.ts";
import { withOwnReactions } from "./own-reactions.ts";
import { asIntended } from "./pending-change.ts";

/**
 * A conversation as it will be: its messages as they are intended, and with one's own reactions where they do not tell
 * of them. The same where there is neither.
 */
export function withIntents(state: ConversationState, ownId: UserId): ConversationState {
  const { changing, messages, window, aside, conversation, ownReactions } = state;
  if (changing.length === 0 && ownReactions.size === 0) return state;
  const shown = (message: Message): Message =>
    asIntended(withOwnReactions(message, ownReactions, ownId), changing, ownId);
  const { lastMessage } = conversation;
  return {
    ...state,
    messages: messages.map(shown),
    aside: new Map([...aside].map(([id, message]) => [id, shown(message)])),
    window: window && { ...window, messages: window.messages.map(shown) },
    conversation: lastMessage === undefined ? conversation : { ...conversation, lastMessage: shown(lastMessage) },
  };
}
