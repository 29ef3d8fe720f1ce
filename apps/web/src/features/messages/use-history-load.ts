import { HubbubError } from "@hubbub/client";
import type { ConversationId } from "@hubbub/contract";
import { useCallback, useState } from "react";
import { useChatStore } from "../conversations/index.ts";
import type { HistoryLoad } from "./history-load.ts";

export function useHistoryLoad(id: ConversationId, side: "loadEarlier" | "loadLater"): HistoryLoad {
  const store = useChatStore();
  const [isLoading, setLoading] = useState(false);
  const [failure, setFailure] = useState<string>();
  const load = useCallback(() => {
    setLoading(true);
    setFailure(undefined);
    store.history[side](id)
      .catch((error: unknown) => {
        setFailure(error instanceof HubbubError ? error.detail : "Something went wrong.");
      })
      .finally(() => setLoading(false));
  }, [store, id, side]);
  return { isLoading, failure, load };
}
