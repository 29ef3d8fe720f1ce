import type { ConversationState } from "@hubbub/client";
import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { navigate } from "../../ui/navigation.tsx";
import { useIsWatching } from "../../ui/watching.ts";
import { conversationPath, useChat } from "../conversations/index.ts";
import { HistoryHead, HistoryTail, headRoom, tailRoom } from "./history-ends.tsx";
import type { HistoryLoad } from "./history-load.ts";
import { JumpToLatest } from "./jump-to-latest.tsx";
import { MessageItem } from "./message-item.tsx";
import { indexOf, keyAt, mainHistory, rowCount } from "./message-rows.ts";
import { NewMessagesAnnouncer } from "./new-messages-announcer.tsx";
import { NewMessagesLine, useFirstNew } from "./new-messages-line.tsx";

/** Rows from the first or the last known one at which more are read. */
const loadWithin = 20;
/** This close to the end counts as being there, pixels. */
const endWithin = 80;

interface MessageListProps {
  /** With the messages that are shown. */
  readonly state: ConversationState;
  /** With the newest messages. */
  readonly head: ConversationState;
  readonly earlier: HistoryLoad;
  /** Where what is shown does not reach the newest messages. */
  readonly later: HistoryLoad | undefined;
  /** The seq of the message that is looked for. */
  readonly target: number | undefined;
}

/** Only what can be seen is in the page; where one looks stays in place when messages come before or after it. */
export function MessageList({ state: all, head: allOfHead, earlier, later, target }: MessageListProps) {
  const state = useMemo(() => mainHistory(all), [all]);
  const head = useMemo(() => mainHistory(allOfHead), [allOfHead]);
  const ownId = useChat((chat) => chat.ownId);
  const scroller = useRef<HTMLDivElement>(null);
  const count = rowCount(state);
  const isHead = later === undefined;
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 44,
    getItemKey: useCallback((index: number) => keyAt(state, index), [state]),
    overscan: 10,
    paddingStart: headRoom,
    paddingEnd: isHead ? 12 : tailRoom,
    anchorTo: "end",
    followOnAppend: useWasSo(isHead) && isHead,
    scrollEndThreshold: endWithin,
  });
  // A row above the fold that turns out larger or smaller must not move what is read.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (item, _, { scrollOffset }) =>
    item.start < (scrollOffset ?? 0);
  const rows = virtualizer.getVirtualItems();
  const isAtEnd = isHead && virtualizer.isAtEnd(endWithin);
  const isWatching = useIsWatching();
  const firstNew = useFirstNew(state, ownId, isWatching);
  const toEnd = useCallback(() => virtualizer.scrollToEnd(), [virtualizer]);
  const leave = useCallback(() => navigate(conversationPath(head.conversation.id)), [head.conversation.id]);
  const toNewest = isHead ? toEnd : leave;

  const isPlaced = useStart(virtualizer, target === undefined ? -1 : indexOf(state, target));
  useFocusOn(scroller, isPlaced && target !== undefined);
  useScrollOnSend(head, toNewest);
  const onScroll = useStickToEnd(scroller, virtualizer, toEnd, target === undefined);
  const firstShown = rows[0]?.index ?? 0;
  const lastShown = rows.at(-1)?.index ?? 0;
  useLoad(isPlaced && state.history === "partial" && firstShown < loadWithin, earlier);
  useLoad(isPlaced && lastShown >= count - loadWithin, later);

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
          {rows.map(({ key, index, start }) => {
            const seq = state.messages[index]?.seq;
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                data-target={target !== undefined && seq === target ? "" : undefined}
                className="absolute top-0 left-0 w-full data-target:animate-mark"
                style={{ transform: `translateY(${start}px)` }}
              >
                {firstNew !== undefined && seq === firstNew && <NewMessagesLine />}
                <MessageItem state={state} index={index} ownId={ownId} />
              </div>
            );
          })}
          {later !== undefined && <HistoryTail later={later} />}
        </div>
      </div>
      <JumpToLatest state={head} isAtEnd={isAtEnd} isSeen={isAtEnd && isPlaced && isWatching} onJump={toNewest} />
      <NewMessagesAnnouncer state={head} ownId={ownId} />
    </div>
  );
}

/** Whether it was so when it was shown last: what grew to the newest messages does not follow them at once. */
function useWasSo(isSo: boolean): boolean {
  const before = useRef(isSo);
  const was = before.current;
  useEffect(() => {
    before.current = isSo;
  }, [isSo]);
  return was;
}

/** Reads on when the end of what is known comes near. */
function useLoad(isNear: boolean, load: HistoryLoad | undefined): void {
  const mayLoad = isNear && load !== undefined && !load.isLoading && load.failure === undefined;
  const run = load?.load;
  useEffect(() => {
    if (mayLoad) run?.();
  }, [mayLoad, run]);
}

/**
 * Begins at a row, or at the end.
 * @param target a row that is not there is -1
 * @returns whether what can be seen is what will be looked at
 */
function useStart(virtualizer: Virtualizer<HTMLDivElement, Element>, target: number): boolean {
  const [isPlaced, setPlaced] = useState(false);
  const [start] = useState(target);
  useLayoutEffect(() => {
    if (start < 0) virtualizer.scrollToEnd();
    else virtualizer.scrollToIndex(start, { align: "center" });
    // the rows around are measured in the first frame, and move it once more
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setPlaced(true));
    });
    return () => cancelAnimationFrame(frame);
  }, [virtualizer, start]);
  return isPlaced;
}

/** Who came by keys goes on by keys from there. */
function useFocusOn(scroller: RefObject<HTMLDivElement | null>, isThere: boolean): void {
  useEffect(() => {
    if (isThere) scroller.current?.querySelector<HTMLElement>("[data-target] article")?.focus({ preventScroll: true });
  }, [scroller, isThere]);
}

/**
 * Stays at the end when the room for messages changes: a longer draft, a notice above, a keyboard on the screen.
 * @returns what must hear of scrolling
 */
function useStickToEnd(
  scroller: RefObject<HTMLDivElement | null>,
  { isAtEnd }: Virtualizer<HTMLDivElement, Element>,
  toEnd: () => void,
  beginsThere: boolean,
): () => void {
  const wasAtEnd = useRef(beginsThere);
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
