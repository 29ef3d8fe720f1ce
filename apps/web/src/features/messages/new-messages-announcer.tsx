import type { ConversationState } from "@hubbub/client";
import type { Message, UserId } from "@hubbub/contract";
import { useState } from "react";
import { useChat } from "../conversations/index.ts";
import { snippetOf } from "./message-rows.ts";

interface NewMessagesAnnouncerProps {
  readonly state: ConversationState;
  readonly ownId: UserId;
}

/** Reads what others write aloud, politely, from when the conversation was opened on. */
export function NewMessagesAnnouncer({ state, ownId }: NewMessagesAnnouncerProps) {
  const users = useChat((chat) => chat.users);
  const newest = state.messages.at(-1);
  const [openedAt] = useState(newest?.seq ?? 0);
  const isNews = newest !== undefined && newest.seq > openedAt && newest.senderId !== ownId && isSaid(newest);
  return (
    <p aria-live="polite" className="sr-only">
      {isNews && `${users.get(newest.senderId)?.displayName ?? "Someone"}: ${snippetOf(newest)}`}
    </p>
  );
}

const isSaid = ({ kind, deletedAt }: Message): boolean => kind !== "system" && deletedAt === undefined;
