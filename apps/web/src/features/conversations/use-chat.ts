import type { ChatSnapshot, ChatStore, ConversationState } from "@hubbub/client";
import type { ConversationId } from "@hubbub/contract";
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

export function useConversation(id: ConversationId): ConversationState | undefined {
  return useChat(({ conversations }) => conversations.get(id));
}
