import { type ChatStore, HubbubError } from "@hubbub/client";
import type { ConversationId, Message } from "@hubbub/contract";
import { useCallback, useEffect, useState } from "react";
import { navigate, useVisit } from "../../ui/navigation.tsx";
import { useSession } from "../auth/index.ts";
import { type ConversationPlace, threadPath, useChatStore } from "../conversations/index.ts";

/** What an address asks to be shown of a conversation. `key` is another one for every time that it was asked. */
export type Place =
  | { readonly status: "newest"; readonly key: string }
  | { readonly status: "seeking"; readonly key: string }
  /** In the main history: itself, or the root of the thread that it belongs to. */
  | { readonly status: "found"; readonly key: string; readonly seq: number }
  /** Absent, or nothing that the person may see: nobody is told which. */
  | { readonly status: "absent"; readonly key: string }
  | { readonly status: "failed"; readonly key: string; readonly detail: string };

/** Has the message shown that is looked for, wherever in the history it is; without one, the newest. */
export function usePlace(id: ConversationId, { seq: wanted, threadRootId }: ConversationPlace) {
  const store = useChatStore();
  const { api } = useSession();
  const visit = useVisit();
  const [round, setRound] = useState(0);
  const key = wanted === undefined ? "newest" : `${wanted}.${visit}.${round}`;
  const [place, setPlace] = useState<Place>();
  const isAlone = threadRootId === undefined;
  useEffect(() => {
    if (wanted === undefined) {
      store.history.showNewest(id);
      return;
    }
    let isWanted = true;
    const readRoot = async ({ threadRootId: rootId }: Message): Promise<Message | undefined> => {
      if (rootId === undefined) return undefined;
      const { message } = await api.call("getMessage", { messageId: rootId });
      if (isWanted && isAlone) navigate(threadPath(id, rootId, wanted), { replace: true, stays: true });
      return message;
    };
    void seek(store, id, wanted, readRoot)
      .then((seq): Place => (seq === undefined ? { status: "absent", key } : { status: "found", key, seq }))
      .catch(
        (error: unknown): Place => ({
          status: "failed",
          key,
          detail: error instanceof HubbubError ? error.detail : "Something went wrong.",
        }),
      )
      .then((answer) => isWanted && setPlace(answer));
    return () => {
      isWanted = false;
    };
  }, [store, api, id, wanted, key, isAlone]);
  const now: Place = wanted === undefined ? { status: "newest", key } : { status: "seeking", key };
  return {
    place: place?.key === key ? place : now,
    retry: useCallback(() => setRound((before) => before + 1), []),
  };
}

/** @returns where in the main history it is shown */
async function seek(
  store: ChatStore,
  id: ConversationId,
  wanted: number,
  readRoot: (message: Message) => Promise<Message | undefined>,
): Promise<number | undefined> {
  try {
    const message = await store.history.showAround(id, wanted);
    if (message?.threadRootId === undefined) return message?.seq;
    const root = await readRoot(message);
    return root && (await store.history.showAround(id, root.seq))?.seq;
  } catch (error) {
    if (error instanceof HubbubError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}
