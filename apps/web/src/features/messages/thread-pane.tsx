import { type ConversationState, messageIn } from "@hubbub/client";
import type { Message, MessageId } from "@hubbub/contract";
import { X } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { mayPost, titleOf, useAction, useChat, useChatStore } from "../conversations/index.ts";
import { DropTarget } from "../media/index.ts";
import { Composer } from "./composer.tsx";
import { MessageItem } from "./message-item.tsx";
import { MessageMenuHost } from "./message-menu-host.tsx";
import { keyAt, rowCount, threadHistory } from "./message-rows.ts";
import { type Target, TargetContext } from "./message-target.ts";
import { NewMessagesAnnouncer } from "./new-messages-announcer.tsx";
import { ThreadContext } from "./thread-context.ts";
import { countOfReplies } from "./thread-line.tsx";
import { useEndInView } from "./use-end-in-view.ts";

interface ThreadPaneProps {
  readonly state: ConversationState;
  readonly rootId: MessageId;
  /** The seq of the reply that is looked for. */
  readonly wanted: number | undefined;
  readonly onClose: () => void;
}

/** A thread beside its conversation where there is room, over it where there is not. */
export function ThreadPane({ state, rootId, wanted, onClose }: ThreadPaneProps) {
  const ownId = useChat((chat) => chat.ownId);
  const [target, setTarget] = useState<Target>();
  const { conversation } = state;
  const root = messageIn(state, rootId);
  const thread = useMemo(() => threadHistory(state, rootId), [state, rootId]);
  const { isLoaded, earlier } = useThread(state, rootId, wanted);
  const pane = useRef<HTMLElement>(null);
  useEffect(() => {
    // the composer may have taken it
    if (!pane.current?.contains(document.activeElement)) pane.current?.focus();
  }, []);
  // A menu opened from here lies elsewhere in the page: its Escape is its own.
  const onKeyDown = (key: KeyboardEvent): void => {
    if (key.key === "Escape" && !key.defaultPrevented && pane.current?.contains(document.activeElement)) onClose();
  };
  return (
    <aside
      ref={pane}
      tabIndex={-1}
      aria-label="Thread"
      onKeyDown={onKeyDown}
      className="flex min-h-0 animate-arrive flex-col border-line bg-surface outline-none max-lg:fixed max-lg:inset-y-0 max-lg:right-0 max-lg:z-10 max-lg:w-full max-lg:shadow-floating sm:max-lg:w-96 lg:w-96 lg:shrink-0 lg:border-l"
    >
      <DropTarget
        conversationId={conversation.id}
        threadRootId={rootId}
        isOff={!mayPost(conversation) || target?.kind === "edit"}
      >
        <header className="flex h-14 shrink-0 items-center border-line border-b pr-2 pl-4">
          <div className="min-w-0 flex-1">
            <h2 className="font-semibold leading-5">Thread</h2>
            <p className="truncate text-caption text-faint">{titleOf(conversation, ownId)}</p>
          </div>
          <IconButton label="Close thread" onClick={onClose}>
            <X size={19} />
          </IconButton>
        </header>
        <ThreadContext value={undefined}>
          <TargetContext value={setTarget}>
            <MessageMenuHost conversation={conversation}>
              <Replies thread={thread} root={root} isLoaded={isLoaded} earlier={earlier} wanted={wanted} />
            </MessageMenuHost>
          </TargetContext>
        </ThreadContext>
        {isLoaded && <NewMessagesAnnouncer state={thread} ownId={ownId} />}
        {(mayPost(conversation) || target?.kind === "edit") && (
          <Composer
            key={target?.kind === "edit" ? target.message.id : "new"}
            state={thread}
            threadRootId={rootId}
            target={target}
            onTarget={setTarget}
          />
        )}
      </DropTarget>
    </aside>
  );
}

/** Reads the thread's newest replies, and those before them down to the one that is looked for. */
function useThread(
  { conversation: { id }, threads }: ConversationState,
  rootId: MessageId,
  wanted = Number.POSITIVE_INFINITY,
) {
  const store = useChatStore();
  const earlier = useAction(() => store.aside.loadThread(id, rootId));
  const from = threads.get(rootId);
  const { run, isBusy, failure } = earlier;
  const mustLoad = (from === undefined || from > wanted) && !isBusy && failure === undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: to load again is decided by what is held alone
  useEffect(() => {
    if (mustLoad) run();
  }, [mustLoad]);
  return { isLoaded: from !== undefined && from <= wanted, earlier };
}

interface RepliesProps extends Pick<ThreadPaneProps, "wanted"> {
  readonly thread: ConversationState;
  readonly root: Message | undefined;
  readonly isLoaded: boolean;
  readonly earlier: ReturnType<typeof useAction>;
}

function Replies({ thread, root, isLoaded, earlier, wanted }: RepliesProps) {
  const ownId = useChat((chat) => chat.ownId);
  const count = rowCount(thread);
  const scroller = useEndInView(keyAt(thread, count - 1));
  const target = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isLoaded) target.current?.scrollIntoView({ block: "center" });
  }, [isLoaded]);
  const asConversation = useMemo(() => root && { ...thread, messages: [root], pending: [] }, [thread, root]);
  return (
    <div
      ref={scroller}
      role="log"
      aria-live="off"
      aria-label="Replies"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="-outline-offset-2 min-h-0 flex-1 overflow-y-auto overflow-x-hidden overscroll-contain pb-3"
    >
      <div>
        {asConversation !== undefined && <MessageItem state={asConversation} index={0} ownId={ownId} />}
        {earlier.failure !== undefined && (
          <div className="flex flex-col items-start gap-2 p-4">
            <ErrorNotice>{earlier.failure}</ErrorNotice>
            <Button onClick={() => earlier.run()}>Try again</Button>
          </div>
        )}
        {root?.thread !== undefined && (
          <p className="flex items-center gap-3 px-4 pt-3 pb-1 font-medium text-caption text-faint md:px-5">
            {countOfReplies(root.thread)}
            <span className="h-px flex-1 bg-line" />
          </p>
        )}
        {earlier.isBusy && (
          <p role="status" className="flex items-center gap-2 px-4 py-2 text-small text-soft md:px-5">
            <Spinner /> Reading replies…
          </p>
        )}
        {isLoaded && thread.history === "partial" && !earlier.isBusy && (
          <Button look="quiet" className="mx-2" onClick={() => earlier.run()}>
            Earlier replies
          </Button>
        )}
        {isLoaded &&
          Array.from({ length: count }, (_, index) => {
            const isWanted = wanted !== undefined && thread.messages[index]?.seq === wanted;
            return (
              <div
                key={keyAt(thread, index)}
                ref={isWanted ? target : undefined}
                data-target={isWanted ? "" : undefined}
                className="data-target:animate-mark"
              >
                <MessageItem state={thread} index={index} ownId={ownId} />
              </div>
            );
          })}
      </div>
    </div>
  );
}
