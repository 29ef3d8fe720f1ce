import type { Conversation } from "@hubbub/contract";
import { navigate } from "../../ui/navigation.tsx";
import { conversationPath, useChatStore } from "../chat/index.ts";

/** Goes to a conversation that one has just become a member of. */
export function useEnter(): (conversation: Conversation) => void {
  const store = useChatStore();
  return (conversation) => {
    store.enter(conversation);
    navigate(conversationPath(conversation.id), { replace: true });
  };
}
