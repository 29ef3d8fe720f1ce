import { type ConversationState, HubbubError } from "@hubbub/client";
import { limits } from "@hubbub/contract";
import { TriangleAlert } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/notice.tsx";
import { useChatStore } from "../conversations/index.ts";
import type { HistoryLoad } from "./history-load.ts";
import { MessageList } from "./message-list.tsx";

/** A conversation's messages, read page by page. */
export function MessageHistory({ state }: { readonly state: ConversationState }) {
  const store = useChatStore();
  const { id } = state.conversation;
  const earlier = useEarlier(state);
  const { load } = earlier;
  useEffect(() => store.history.open(id), [store, id]);
  useReceipts(state);
  const isUnloaded = state.history === "unloaded";
  useEffect(() => {
    if (isUnloaded) load();
  }, [isUnloaded, load]);
  if (!isUnloaded) return <MessageList state={state} earlier={earlier} />;
  if (earlier.failure !== undefined)
    return (
      <EmptyState className="min-h-0 flex-1" icon={<TriangleAlert size={32} />} title="The messages could not be read">
        <p className="mb-2 text-small text-soft">{earlier.failure}</p>
        <Button onClick={load}>Try again</Button>
      </EmptyState>
    );
  return <Placeholder />;
}

function useEarlier({ conversation: { id } }: ConversationState): HistoryLoad {
  const store = useChatStore();
  const [isLoading, setLoading] = useState(false);
  const [failure, setFailure] = useState<string>();
  const load = useCallback(() => {
    setLoading(true);
    setFailure(undefined);
    store.history
      .loadEarlier(id)
      .catch((error: unknown) => {
        setFailure(error instanceof HubbubError ? error.detail : "Something went wrong.");
      })
      .finally(() => setLoading(false));
  }, [store, id]);
  return { isLoading, failure, load };
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
