import type { ConversationState } from "@hubbub/client";
import type { UserId } from "@hubbub/contract";
import { useEffect, useMemo, useRef, useState } from "react";

/**
 * Where what had not been read began when one last turned to the conversation: the seq of the first of the others'
 * messages after that. It stays while one reads on, until one turns away or writes.
 */
export function useFirstNew(state: ConversationState, ownId: UserId, isWatching: boolean): number | undefined {
  const { messages, conversation, history, pending } = state;
  const { readSeq } = conversation.me;
  const [after, setAfter] = useState(readSeq);
  const latest = useRef(readSeq);
  latest.current = readSeq;
  const isWriting = pending.length > 0;
  useEffect(() => {
    if (!isWatching || isWriting) setAfter(latest.current);
  }, [isWatching, isWriting]);
  return useMemo(() => {
    const oldest = messages[0]?.seq;
    if (oldest === undefined || (history !== "complete" && oldest > after + 1)) return undefined;
    let first: number | undefined;
    for (let index = messages.length - 1; index >= 0; index--) {
      const message = messages[index];
      if (message === undefined || message.seq <= after) break;
      if (message.senderId !== ownId && message.deletedAt === undefined) first = message.seq;
    }
    return first;
  }, [messages, history, after, ownId]);
}

export function NewMessagesLine() {
  return (
    <p className="flex items-center gap-3 px-4 pt-3 pb-1 font-medium text-accent text-caption md:px-5">
      <span className="h-px flex-1 bg-accent/40" />
      New messages
    </p>
  );
}
