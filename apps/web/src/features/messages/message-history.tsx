import type { ConversationState } from "@hubbub/client";
import { limits } from "@hubbub/contract";
import { TriangleAlert } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/notice.tsx";
import { type ConversationPlace, useChatStore } from "../conversations/index.ts";
import { MessageList } from "./message-list.tsx";
import { MessageMenuHost } from "./message-menu-host.tsx";
import { shownRun } from "./message-rows.ts";
import { useHistoryLoad } from "./use-history-load.ts";
import { type Place, usePlace } from "./use-place.ts";

interface MessageHistoryProps {
  readonly state: ConversationState;
  readonly wanted: ConversationPlace;
}

/** A conversation's messages, read page by page: the newest, or those around the one that is looked for. */
export function MessageHistory({ state, wanted }: MessageHistoryProps) {
  const store = useChatStore();
  const { id } = state.conversation;
  const earlier = useHistoryLoad(id, "loadEarlier");
  const later = useHistoryLoad(id, "loadLater");
  const { load } = earlier;
  useEffect(() => store.history.open(id), [store, id]);
  useReceipts(state);
  const hasWindow = state.window !== undefined;
  const isUnloaded = state.history === "unloaded";
  useEffect(() => {
    if (isUnloaded && !hasWindow) load();
  }, [isUnloaded, hasWindow, load]);
  const { place, retry } = usePlace(id, wanted);
  const shown = useMemo(() => shownRun(state), [state]);
  const isBeginning = useIsBeginning(place);
  if (isBeginning || shown.history === "unloaded") {
    if (earlier.failure === undefined || isBeginning) return <Placeholder />;
    return (
      <EmptyState className="min-h-0 flex-1" icon={<TriangleAlert size={32} />} title="The messages could not be read">
        <p className="mb-2 text-small text-soft">{earlier.failure}</p>
        <Button onClick={load}>Try again</Button>
      </EmptyState>
    );
  }
  return (
    <MessageMenuHost conversation={state.conversation}>
      <PlaceNotice place={place} onRetry={retry} />
      <MessageList
        // what is left is not what comes
        key={place.status === "found" ? place.key : `newest.${hasWindow}`}
        state={shown}
        head={state}
        earlier={earlier}
        later={hasWindow ? later : undefined}
        target={place.status === "found" ? place.seq : undefined}
      />
    </MessageMenuHost>
  );
}

/** While the first place is sought, nothing else is shown; afterwards what was shown stays meanwhile. */
function useIsBeginning({ status }: Place): boolean {
  const [hasBegun, setBegun] = useState(false);
  const isSeeking = status === "seeking";
  useEffect(() => {
    if (!isSeeking) setBegun(true);
  }, [isSeeking]);
  return isSeeking && !hasBegun;
}

function PlaceNotice({ place, onRetry }: { readonly place: Place; readonly onRetry: () => void }) {
  if (place.status !== "absent" && place.status !== "failed") return null;
  return (
    <div
      role="alert"
      className="flex shrink-0 items-center gap-3 bg-notice-wash px-4 py-2 text-notice text-small md:px-5"
    >
      <p className="flex-1">
        {place.status === "absent"
          ? "This message is not here. It does not exist, or you cannot see it."
          : place.detail}
      </p>
      {place.status === "failed" && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}

/** Milliseconds until receipts that could not be read are asked for again. */
const receiptsRetry = 5_000;

/** Where the members see each other's receipts, they are read and kept. */
function useReceipts({ conversation: { id, memberCount }, receipts }: ConversationState): void {
  const store = useChatStore();
  const [failures, setFailures] = useState(0);
  const isWanted = memberCount <= limits.receiptsMembers && (receipts === undefined || failures > 0);
  useEffect(() => {
    if (!isWanted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = (): void => {
      store.loadReceipts(id).then(
        () => setFailures(0),
        () => setFailures(failures + 1),
      );
    };
    if (failures === 0) load();
    else timer = setTimeout(load, receiptsRetry);
    return () => clearTimeout(timer);
  }, [store, id, isWanted, failures]);
}

function Placeholder() {
  return (
    <div role="status" className="flex min-h-0 flex-1 flex-col justify-end gap-5 overflow-hidden p-5">
      <span className="sr-only">Loading messages…</span>
      {["w-1/2", "w-2/3", "w-1/3", "w-3/5"].map((width) => (
        <div key={width} className="flex animate-breathe gap-3">
          <div className="size-9 rounded-medium bg-hover" />
          <div className="flex-1 space-y-2 pt-1">
            <div className="h-3 w-28 rounded-small bg-hover" />
            <div className={`h-3 rounded-small bg-hover ${width}`} />
          </div>
        </div>
      ))}
    </div>
  );
}
