import { messageIn } from "@hubbub/client";
import type { ConversationId, ReplyTo } from "@hubbub/contract";
import { Reply } from "lucide-react";
import { useEffect } from "react";
import { hueOf } from "../../ui/hue.ts";
import { Link } from "../../ui/navigation.tsx";
import { messagePath, useAction, useChat, useChatStore } from "../conversations/index.ts";
import { snippetOf } from "./message-rows.ts";

interface QuoteProps {
  readonly id: ConversationId;
  readonly replyTo: ReplyTo;
}

/** What a message answers, read where it is not held. Leads there. */
export function Quote({ id, replyTo }: QuoteProps) {
  const store = useChatStore();
  const name = useChat((chat) => chat.users.get(replyTo.senderId)?.displayName ?? "…");
  const message = useChat(({ conversations }) => {
    const state = conversations.get(id);
    return state && messageIn(state, replyTo.id);
  });
  const { run: load, failure } = useAction(() => store.aside.loadMessage(id, replyTo.id));
  const isHeld = message !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: to load is decided by what is held alone
  useEffect(() => {
    store.want([replyTo.senderId]);
    if (!isHeld) load();
  }, [isHeld, replyTo.id]);
  return (
    <Link
      to={messagePath(id, replyTo.seq)}
      // by keys each message is one stop; its menu leads there too
      tabIndex={-1}
      className="mb-0.5 flex min-w-0 max-w-[46rem] items-center gap-1.5 rounded-r-small border-edge border-l-2 pl-2 text-small text-soft hover:bg-hover hover:text-ink"
    >
      <Reply size={14} aria-hidden="true" className="shrink-0" />
      <span className="sr-only">In reply to</span>
      <span data-hue={hueOf(replyTo.senderId)} className="tinted-name shrink-0 font-semibold">
        {name}
      </span>
      <span dir="auto" className="truncate">
        {message === undefined ? failure && "An earlier message" : snippetOf(message)}
      </span>
    </Link>
  );
}
