import { addMessages, type ConversationState, type HistoryPage, mergeMessages } from "./conversation-state.ts";

/** Puts a piece of history in the place of the window; where it reaches the newest run it becomes part of that. */
export function placeWindow(state: ConversationState, { items, isOldest }: HistoryPage): ConversationState {
  const [first, last] = [items[0]?.seq, items.at(-1)?.seq];
  if (first === undefined || last === undefined) return state;
  // what the window before this one was told while the page was on its way
  const known = state.window?.messages.filter(({ seq }) => seq >= first && seq <= last) ?? [];
  return joinRuns({ ...leaveWindow(state), window: { messages: mergeMessages(items, known), isOldest } });
}

/** Adds a page that ends where the window begins, or begins where it ends. */
export function extendWindow(state: ConversationState, { items, isOldest }: HistoryPage): ConversationState {
  const { window } = state;
  if (window === undefined) return state;
  return joinRuns({
    ...state,
    window: { messages: mergeMessages(window.messages, items), isOldest: window.isOldest || isOldest },
  });
}

/** Goes back to the newest run alone. */
export function leaveWindow(state: ConversationState): ConversationState {
  return state.window === undefined ? state : { ...state, window: undefined };
}

/** Two runs between which nothing can be missing are one. */
export function joinRuns(state: ConversationState): ConversationState {
  const { window, messages, conversation, history } = state;
  const last = window?.messages.at(-1);
  if (window === undefined || last === undefined) return state;
  if (last.seq + 1 < (messages[0]?.seq ?? conversation.seq + 1)) return state;
  const isComplete = history === "complete" || window.isOldest;
  return {
    ...addMessages({ ...state, window: undefined }, window.messages),
    history: isComplete ? "complete" : "partial",
  };
}
