import type { ConversationId } from "@hubbub/contract";
import { useChat } from "../conversations/index.ts";
import { typingText } from "./typing-text.ts";

/** Keeps its place while nobody types, so that nothing moves. */
export function TypingLine({ id }: { readonly id: ConversationId }) {
  const ownId = useChat((chat) => chat.ownId);
  const typists = useChat((chat) => chat.typists.get(id));
  const users = useChat((chat) => chat.users);
  const names = [...(typists ?? [])]
    .filter((userId) => userId !== ownId)
    .map((userId) => users.get(userId)?.displayName ?? "Someone");
  return (
    <p role="status" className="h-5 shrink-0 truncate px-4 text-caption text-faint leading-5 md:px-5">
      {typingText(names)}
    </p>
  );
}
