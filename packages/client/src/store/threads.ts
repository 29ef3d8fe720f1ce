import { limits, type Message, type MessageId, type Thread } from "@hubbub/contract";
import { type ConversationState, mergeMessages } from "./conversation-state.ts";

/** A thread's root after one more reply, of which nothing but the reply is told [L15]. */
export function withReply({ thread, ...root }: Message, pts: number, { seq, senderId, createdAt }: Message): Message {
  const { replyCount = 0, participantIds = [] }: Partial<Thread> = thread ?? {};
  const isKnown = participantIds.includes(senderId) || participantIds.length >= limits.threadParticipantIds;
  return {
    ...root,
    pts,
    thread: {
      replyCount: replyCount + 1,
      lastReplySeq: seq,
      lastReplyAt: createdAt,
      participantIds: isKnown ? participantIds : [...participantIds, senderId],
    },
  };
}

/** A message where it is held, in the history or beside it. */
export function messageIn({ messages, window, aside }: ConversationState, id: MessageId): Message | undefined {
  const isIt = (message: Message): boolean => message.id === id;
  return messages.findLast(isIt) ?? window?.messages.find(isIt) ?? aside.get(id);
}

/** The replies of a thread from the first on that is held without a gap, by seq; none before they are read. */
export function repliesIn({ messages, aside, threads }: ConversationState, rootId: MessageId): readonly Message[] {
  const from = threads.get(rootId);
  if (from === undefined) return [];
  const isReply = ({ threadRootId, seq }: Message): boolean => threadRootId === rootId && seq >= from;
  const read = [...aside.values()].filter(isReply).sort((a, b) => a.seq - b.seq);
  return mergeMessages(read, messages.filter(isReply));
}
