import type { ConversationState } from "@hubbub/client";
import type { UserId } from "@hubbub/contract";
import { useState } from "react";
import { useChat } from "../conversations/index.ts";

interface NewMessagesAnnouncerProps {
  readonly state: ConversationState;
  readonly ownId: UserId;
}

/** Reads what others write aloud, politely, from when the conversation was opened on. */
export function NewMessagesAnnouncer({ state, ownId }: NewMessagesAnnouncerProps) {
  const users = useChat((chat) => chat.users);
  const newest = state.messages.at(-1);
  const [openedAt] = useState(newest?.seq ?? 0);
  const isNews =
    newest !== undefined && newest.seq > openedAt && newest.senderId !== ownId && newest.text !== undefined;
  return (
    <p aria-live="polite" className="sr-only">
      {isNews && `${users.get(newest.senderId)?.displayName ?? "Someone"}: ${newest.text}`}
    </p>
  );
}
