import type { ConversationState } from "@hubbub/client";
import { ArrowDown } from "lucide-react";
import { useEffect, useState } from "react";
import { useChatStore } from "../conversations/index.ts";

interface JumpToLatestProps {
  readonly state: ConversationState;
  readonly isAtEnd: boolean;
  /** The newest message is to be seen, and someone looks. */
  readonly isSeen: boolean;
  readonly onJump: () => void;
}

export function JumpToLatest({ state, isAtEnd, isSeen, onJump }: JumpToLatestProps) {
  const store = useChatStore();
  const { id, seq: head } = state.conversation;
  const newest = state.messages.at(-1)?.seq ?? 0;
  const [seen, setSeen] = useState(newest);
  useEffect(() => {
    if (!isSeen) return;
    setSeen(newest);
    // replies in threads are behind the same mark
    if (newest > 0) store.markRead(id, head);
  }, [isSeen, newest, head, store, id]);
  if (isAtEnd) return null;
  const news = newest - Math.min(seen, newest);
  return (
    <button
      type="button"
      onClick={onJump}
      className="absolute right-4 bottom-3 flex h-9 animate-arrive items-center gap-1.5 rounded-full border border-line bg-raised px-3.5 font-medium text-small shadow-floating hover:bg-hover"
    >
      <ArrowDown size={16} aria-hidden="true" />
      {news === 0 ? "Jump to latest" : `${news.toLocaleString()} new`}
    </button>
  );
}
