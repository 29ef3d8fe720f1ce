import type { Message, UserId } from "@hubbub/contract";
import type { ConversationState } from "./conversation-state.ts";
import { recount } from "./marks.ts";

/** Lets go of what retention took from the oldest end [L12]. */
export function trimHistory(
  state: ConversationState,
  beforeSeq: number,
  ownId: UserId,
  blocks: ReadonlySet<UserId>,
): ConversationState {
  const isKept = ({ seq }: Message): boolean => seq >= beforeSeq;
  const { conversation, messages, aside, window } = state;
  const { lastMessage, ...others } = conversation;
  const oldest = messages[0]?.seq;
  const isWhole = state.history === "partial" && oldest !== undefined && oldest <= beforeSeq;
  const gone = new Set([...messages, ...aside.values()].flatMap((held) => (isKept(held) ? [] : held.id)));
  const inWindow = window?.messages.filter(isKept) ?? [];
  const trimmed: ConversationState = {
    ...state,
    conversation: { ...others, ...(lastMessage !== undefined && isKept(lastMessage) && { lastMessage }) },
    messages: messages.filter(isKept),
    ...(isWhole && { history: "complete" }),
    window:
      window === undefined || inWindow.length === 0
        ? undefined
        : { messages: inWindow, isOldest: window.isOldest || inWindow.length < window.messages.length },
    aside: new Map([...aside].filter(([, held]) => isKept(held))),
    threads: new Map([...state.threads].filter(([rootId]) => !gone.has(rootId))),
    // a page that is on its way may bring them back
    messagesPts: conversation.pts,
  };
  const { readSeq, unread, unreadMentions } = conversation.me;
  const wasUnread = readSeq + 1 < beforeSeq && unread + unreadMentions > 0;
  return wasUnread ? recount(trimmed, ownId, blocks) : trimmed;
}
