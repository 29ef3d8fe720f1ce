import type { ChatSnapshot, ChatStore } from "@hubbub/client";
import { createContext, useContext, useSyncExternalStore } from "react";

export const ChatContext = createContext<ChatStore | undefined>(undefined);

export function useChatStore(): ChatStore {
  const store = useContext(ChatContext);
  if (store === undefined) throw new Error("There is no ChatContext above");
  return store;
}

/** Part of the live chat. @param select gives an object of the snapshot as it is, never a new one */
export function useChat<Part>(select: (snapshot: ChatSnapshot) => Part): Part {
  const store = useChatStore();
  return useSyncExternalStore(store.subscribe, () => select(store.getSnapshot()));
}
