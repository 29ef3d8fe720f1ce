import type { Message } from "@hubbub/contract";
import type { ConversationState } from "./conversation-state.ts";
import { messageIn } from "./threads.ts";

/** Takes note of whether a message is pinned; called once its change has been applied. */
export function withPin(state: ConversationState, message: Message): ConversationState {
  const { pins: before, conversation, aside } = state;
  const next = { ...state, pinsPts: conversation.pts };
  const isPinned = message.pinnedAt !== undefined && message.deletedAt === undefined;
  if (before === undefined || before.has(message.id) === isPinned) return next;
  const pins = new Set(before);
  if (!isPinned) {
    pins.delete(message.id);
    return { ...next, pins };
  }
  pins.add(message.id);
  return { ...next, pins, ...(!isHeldToStay(state, message) && { aside: new Map(aside).set(message.id, message) }) };
}

/** Whether a message is held elsewhere than in a window, which is left again. */
export function isHeldToStay({ messages, aside }: ConversationState, { id }: Message): boolean {
  return aside.has(id) || messages.some((message) => message.id === id);
}

/** The pinned messages, the latest pin first; undefined before they are read. */
export function pinsIn(state: ConversationState): readonly Message[] | undefined {
  const { pins } = state;
  if (pins === undefined) return undefined;
  return [...pins]
    .flatMap((id) => messageIn(state, id) ?? [])
    .sort((a, b) => (b.pinnedAt ?? "").localeCompare(a.pinnedAt ?? "") || b.seq - a.seq);
}
