import { history } from "./history.ts";
import { joinConversation, leaveConversation } from "./join-conversation.ts";
import { startTyping, stopTyping } from "./typing.ts";
import { unwatchPresence, watchPresence } from "./watch-presence.ts";

/** The rest of the table of operations: what belongs to a connection, or streams to it, and so has no route. */
export const hubOnlyOperations = {
  joinConversation,
  leaveConversation,
  startTyping,
  stopTyping,
  watchPresence,
  unwatchPresence,
  history,
} as const;
