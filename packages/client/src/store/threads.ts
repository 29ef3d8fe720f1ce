import { limits, type Message, type Thread } from "@hubbub/contract";

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
