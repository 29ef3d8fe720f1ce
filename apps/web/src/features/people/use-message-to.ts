import type { UserId } from "@hubbub/contract";
import { navigate } from "../../ui/navigation.tsx";
import { conversationPath, useAction, useChatStore } from "../chat/index.ts";
import { refusalText } from "./refusal.ts";

/** Goes to the conversation with one other person, and begins it where there is none. */
export function useMessageTo(id: UserId, onLeave?: () => void) {
  const store = useChatStore();
  return useAction(async () => {
    const conversation = await store.createConversation({ type: "direct", memberIds: [id] });
    onLeave?.();
    navigate(conversationPath(conversation.id));
  }, refusalText);
}
