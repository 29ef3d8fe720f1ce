import type { Message, MessageId, ReactionChanged, UserId } from "@hubbub/contract";
import type { ConversationState, OwnReactions } from "./conversation-state.ts";

/** Whether only the server can tell if one is among those who reacted: a message names the first of them alone. */
export function hidesOwnReaction({ reactions = [] }: Message, ownId: UserId): boolean {
  return reactions.some(({ count, userIds }) => count > userIds.length && !userIds.includes(ownId));
}

/** Takes in with what one reacted to a message; what was heard of it meanwhile is newer than the answer. */
export function learnOwnReactions(
  state: ConversationState,
  id: MessageId,
  emoji: readonly string[],
): ConversationState {
  const heard = state.ownReactions.get(id) ?? [];
  const known = new Map([...emoji.map((each) => [each, true] as const), ...heard]);
  return { ...state, ownReactions: new Map(state.ownReactions).set(id, known) };
}

/** They are to be asked for again. */
export function forgetOwnReactions(state: ConversationState, id: MessageId): ConversationState {
  const ownReactions = new Map(state.ownReactions);
  ownReactions.delete(id);
  return { ...state, ownReactions };
}

/** Takes in what one did on any device, to a message that was asked about. */
export function hearOwnReaction(
  state: ConversationState,
  isAdded: boolean,
  { messageId, emoji }: ReactionChanged,
): ConversationState {
  const known = state.ownReactions.get(messageId);
  if (known === undefined) return state;
  return { ...state, ownReactions: new Map(state.ownReactions).set(messageId, new Map(known).set(emoji, isAdded)) };
}

/** The message with oneself among those whom it names, where that is known. The same where nothing is. */
export function withOwnReactions(message: Message, own: OwnReactions, ownId: UserId): Message {
  const known = own.get(message.id);
  if (known === undefined || !hidesOwnReaction(message, ownId)) return message;
  const reactions = message.reactions?.map((reaction) =>
    known.get(reaction.emoji) === true && !reaction.userIds.includes(ownId)
      ? { ...reaction, userIds: [...reaction.userIds, ownId] }
      : reaction,
  );
  return { ...message, reactions };
}
