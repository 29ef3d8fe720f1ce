import type { ConversationState } from "@hubbub/client";
import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useIsWatching } from "../../ui/watching.ts";
import { titleOf, useChat, useChatStore } from "../conversations/index.ts";
import type { HistoryLoad } from "./history-load.ts";
import { MessageItem } from "./message-item.tsx";
import { keyAt, mainHistory, rowCount } from "./message-rows.ts";
import { NewMessagesAnnouncer } from "./new-messages-announcer.tsx";
import { NewMessagesLine, useFirstNew } from "./new-messages-line.tsx";

/** Rows from the oldest known one at which older ones are read. */
const loadWithin = 20;
/** Room above the oldest message, for what is said there; pixels. */
const headRoom = 88;
/** This close to the end counts as being there, pixels. */
const endWithin = 80;

interface MessageListProps {
  readonly state: ConversationState;
  readonly earlier: HistoryLoad;
}

/** Only what can be seen is in the page; where one looks stays in place when messages come before or after it. */
export function MessageList({ state: all, earlier }: MessageListProps) {
  const state = useMemo(() => mainHistory(all), [all]);
  const ownId = useChat((chat) => chat.ownId);
  const scroller = useRef<HTMLDivElement>(null);
  const count = rowCount(state);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 44,
    getItemKey: useCallback((index: number) => keyAt(state, index), [state]),
    overscan: 10,
    paddingStart: headRoom,
    paddingEnd: 12,
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: endWithin,
  });
  // A row above the fold that turns out larger or smaller must not move what is read.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (item, _, { scrollOffset }) =>
    item.start < (scrollOffset ?? 0);
  const rows = virtualizer.getVirtualItems();
  const isAtEnd = virtualizer.isAtEnd(endWithin);
  const isWatching = useIsWatching();
  const firstNew = useFirstNew(state, ownId, isWatching);
  const toEnd = useCallback(() => virtualizer.scrollToEnd(), [virtualizer]);

  const isPlaced = useStartAtEnd(toEnd);
  useScrollOnSend(state, toEnd);
  const onScroll = useStickToEnd(scroller, virtualizer, toEnd);
  const firstShown = rows[0]?.index ?? 0;
  const mayLoad = isPlaced && state.history === "partial" && !earlier.isLoading && earlier.failure === undefined;
  useEffect(() => {
    if (mayLoad && firstShown < loadWithin) earlier.load();
  }, [mayLoad, firstShown, earlier.load]);

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        onScroll={onScroll}
        role="log"
        aria-live="off"
        aria-label="Messages"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="-outline-offset-2 flex h-full flex-col overflow-y-auto overflow-x-hidden overscroll-contain [overflow-anchor:none]"
      >
        <div className="relative mt-auto w-full shrink-0" style={{ height: virtualizer.getTotalSize() }}>
          <HistoryHead state={state} earlier={earlier} />
          {rows.map(({ key, index, start }) => (
            <div
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              className="absolute top-0 left-0 w-full"
              style={{ transform: `translateY(${start}px)` }}
            >
              {firstNew !== undefined && state.messages[index]?.seq === firstNew && <NewMessagesLine />}
              <MessageItem state={state} index={index} ownId={ownId} />
            </div>
          ))}
        </div>
      </div>
      <JumpToLatest state={state} isAtEnd={isAtEnd} isSeen={isAtEnd && isPlaced && isWatching} onJump={toEnd} />
      <NewMessagesAnnouncer state={state} ownId={ownId} />
    </div>
  );
}

/** @returns whether what can be seen is what will be looked at, not yet the beginning */
function useStartAtEnd(toEnd: () => void): boolean {
  const [isPlaced, setPlaced] = useState(false);
  useLayoutEffect(() => {
    toEnd();
    const frame = requestAnimationFrame(() => setPlaced(true));
    return () => cancelAnimationFrame(frame);
  }, [toEnd]);
  return isPlaced;
}

/**
 * Stays at the end when the room for messages changes: a longer draft, a notice above, a keyboard on the screen.
 * @returns what must hear of scrolling
 */
function useStickToEnd(
  scroller: RefObject<HTMLDivElement | null>,
  { isAtEnd }: Virtualizer<HTMLDivElement, Element>,
  toEnd: () => void,
): () => void {
  const wasAtEnd = useRef(true);
  useEffect(() => {
    const observer = new ResizeObserver(() => wasAtEnd.current && toEnd());
    if (scroller.current !== null) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [scroller, toEnd]);
  return () => {
    wasAtEnd.current = isAtEnd(endWithin);
  };
}

/** Whoever writes wants to see it. */
function useScrollOnSend({ pending }: ConversationState, toEnd: () => void): void {
  const newest = pending.at(-1)?.clientMessageId;
  const before = useRef(newest);
  useLayoutEffect(() => {
    if (newest !== undefined && newest !== before.current) toEnd();
    before.current = newest;
  }, [newest, toEnd]);
}

function HistoryHead({ state, earlier }: MessageListProps) {
  const ownId = useChat((chat) => chat.ownId);
  return (
    <div className="absolute inset-x-0 top-0 flex items-end px-4 pb-3 md:px-5" style={{ height: headRoom }}>
      {state.history === "complete" && (
        <p className="text-small text-soft">
          This is where <strong className="font-semibold text-ink">{titleOf(state.conversation, ownId)}</strong> begins.
        </p>
      )}
      {earlier.isLoading && (
        <p className="flex items-center gap-2 text-small text-soft">
          <Spinner /> Earlier messages…
        </p>
      )}
      {earlier.failure !== undefined && (
        <p className="flex items-center gap-3 text-danger text-small">
          {earlier.failure}
          <Button onClick={earlier.load}>Try again</Button>
        </p>
      )}
    </div>
  );
}

interface JumpToLatestProps {
  readonly state: ConversationState;
  readonly isAtEnd: boolean;
  /** The newest message is to be seen, and someone looks. */
  readonly isSeen: boolean;
  readonly onJump: () => void;
}

function JumpToLatest({ state, isAtEnd, isSeen, onJump }: JumpToLatestProps) {
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
