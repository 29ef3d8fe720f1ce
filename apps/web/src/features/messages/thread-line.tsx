import type { MessageId, Thread } from "@hubbub/contract";
import { use, useEffect } from "react";
import { formatBriefly, formatFull } from "../../ui/dates.ts";
import { PersonAvatar } from "../avatars/index.ts";
import { useChatStore } from "../conversations/index.ts";
import { ThreadContext } from "./thread-context.ts";

interface ThreadLineProps {
  readonly rootId: MessageId;
  readonly thread: Thread;
}

export function countOfReplies({ replyCount }: Pick<Thread, "replyCount">): string {
  return replyCount === 1 ? "1 reply" : `${replyCount.toLocaleString()} replies`;
}

/** Under a message: how much was replied to it, by whom, and when last. Opens its thread. */
export function ThreadLine({ rootId, thread }: ThreadLineProps) {
  const { participantIds, lastReplyAt } = thread;
  const store = useChatStore();
  const open = use(ThreadContext);
  useEffect(() => store.want(participantIds), [store, participantIds]);
  if (open === undefined) return null;
  const last = new Date(lastReplyAt);
  return (
    <button
      type="button"
      onClick={() => open(rootId)}
      className="-ml-1.5 my-0.5 flex min-h-8 max-w-full items-center gap-2 rounded-small px-1.5 text-left text-small hover:bg-hover"
    >
      <span aria-hidden="true" className="flex gap-0.5">
        {participantIds.map((id) => (
          <PersonAvatar key={id} id={id} size="tiny" />
        ))}
      </span>
      <span className="shrink-0 font-semibold text-accent">{countOfReplies(thread)}</span>
      <time dateTime={lastReplyAt} title={formatFull(last)} className="truncate text-caption text-faint">
        Last {formatBriefly(last, new Date())}
      </time>
    </button>
  );
}
