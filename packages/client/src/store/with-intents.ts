import type { Message, UserId } from "@hubbub/contract";
import type { ConversationState } from "./conversation-state.ts";
import { asIntended } from "./pending-change.ts";

/** A conversation as it will be: its messages as they are intended. The same where nothing is. */
export function withIntents(state: ConversationState, ownId: UserId): ConversationState {
  const { changing, messages, window, aside, conversation } = state;
  if (changing.length === 0) return state;
  const shown = (message: Message): Message => asIntended(message, changing, ownId);
  const { lastMessage } = conversation;
  return {
    ...state,
    messages: messages.map(shown),
    aside: new Map([...aside].map(([id, message]) => [id, shown(message)])),
    window: window && { ...window, messages: window.messages.map(shown) },
    conversation: lastMessage === undefined ? conversation : { ...conversation, lastMessage: shown(lastMessage) },
  };
}
