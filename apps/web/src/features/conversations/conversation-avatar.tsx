import type { Conversation, MediaId, UserId } from "@hubbub/contract";
import { Hash, NotebookPen, Users } from "lucide-react";
import { Avatar } from "../../ui/avatar.tsx";
import { PresenceDot } from "../../ui/presence-dot.tsx";
import { useChat, useMediaUrl, usePresence } from "../chat/index.ts";
import { colorKeyOf, titleOf } from "./summary.ts";

interface ConversationAvatarProps {
  readonly conversation: Conversation;
  readonly size?: "small" | "medium" | "large";
}

export function ConversationAvatar({ conversation, size = "large" }: ConversationAvatarProps) {
  const ownId = useChat((chat) => chat.ownId);
  const name = titleOf(conversation, ownId);
  const icon = iconOf(conversation, ownId === conversation.peer?.id);
  const isOther = conversation.type === "direct" && ownId !== conversation.peer?.id;
  const status = usePresence(isOther ? conversation.peer?.id : undefined);
  const { url, onError } = useMediaUrl(pictureOf(conversation, ownId));
  return (
    <span className="relative inline-flex shrink-0">
      <Avatar
        name={name}
        colorKey={colorKeyOf(conversation)}
        size={size}
        icon={icon}
        picture={url}
        onPictureError={onError}
      />
      <PresenceDot presence={status?.presence} />
    </span>
  );
}

/** Of two it is the other one's; notes to oneself have none. */
function pictureOf({ type, avatarMediaId, peer }: Conversation, ownId: UserId): MediaId | undefined {
  if (type !== "direct") return avatarMediaId;
  return peer?.id === ownId ? undefined : peer?.avatarMediaId;
}

function iconOf({ type }: Conversation, isOwnNotes: boolean) {
  switch (type) {
    case "direct":
      return isOwnNotes ? <NotebookPen size={18} /> : undefined;
    case "group":
      return <Users size={18} />;
    case "channel":
      return <Hash size={18} />;
    default:
      return type satisfies never;
  }
}
