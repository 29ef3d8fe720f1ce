import { hidesOwnReaction } from "@hubbub/client";
import type { Message, Reaction } from "@hubbub/contract";
import { use, useEffect } from "react";
import { useChat, useChatStore } from "../conversations/index.ts";
import { MessageViewContext } from "./message-view-context.ts";

interface ReactionChipsProps {
  readonly message: Message;
  readonly reactions: readonly Reaction[];
}

/** Who reacted with what; pressing one joins or leaves it, and its context menu is the list of all who did. */
export function ReactionChips({ message, reactions }: ReactionChipsProps) {
  const store = useChatStore();
  const ownId = useChat((chat) => chat.ownId);
  const isHidden = hidesOwnReaction(message, ownId);
  useEffect(() => {
    // without an answer nothing is marked as one's own
    if (isHidden) store.aside.loadOwnReactions(message.conversationId, message.id).catch(() => undefined);
  }, [store, message, isHidden]);
  return (
    <ul aria-label="Reactions" className="flex flex-wrap gap-1 pt-1 pb-0.5">
      {reactions.map((reaction) => (
        <li key={reaction.emoji}>
          <Chip message={message} reaction={reaction} />
        </li>
      ))}
    </ul>
  );
}

function Chip({ message, reaction }: { readonly message: Message; readonly reaction: Reaction }) {
  const { emoji, count, userIds } = reaction;
  const store = useChatStore();
  const ownId = useChat((chat) => chat.ownId);
  const users = useChat((chat) => chat.users);
  const openView = use(MessageViewContext);
  const isOwn = userIds.includes(ownId);
  const names = userIds.map((id) => (id === ownId ? "You" : (users.get(id)?.displayName ?? "Someone")));
  const more = count > userIds.length ? ` and ${(count - userIds.length).toLocaleString()} more` : "";
  return (
    <button
      type="button"
      aria-pressed={isOwn}
      aria-label={`${emoji} ${count}`}
      title={`${names.join(", ")}${more}`}
      onClick={() => (isOwn ? store.messages.unreact(message, emoji) : store.messages.react(message, emoji))}
      onContextMenu={(event) => {
        event.preventDefault();
        openView({ kind: "reactions", message, emoji });
      }}
      className="flex h-7 items-center gap-1.5 rounded-full border border-line bg-raised px-2 text-small tabular-nums hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-wash"
    >
      <span>{emoji}</span>
      {count.toLocaleString()}
    </button>
  );
}
