import type { PublicConversation } from "@hubbub/contract";
import { Hash, Users } from "lucide-react";
import { Avatar } from "../../ui/avatar.tsx";
import { useMediaUrl } from "../chat/index.ts";
import { memberCountOf } from "./summary.ts";

/** What someone who is no member may know of a conversation. */
export function PublicConversationAbout({ conversation }: { readonly conversation: PublicConversation }) {
  const { id, type, topic } = conversation;
  const title = conversation.title ?? `Unnamed ${type}`;
  const { url, onError } = useMediaUrl(conversation.avatarMediaId);
  return (
    <span className="flex min-w-0 flex-1 items-center gap-3 text-left">
      <Avatar
        name={title}
        colorKey={id}
        icon={type === "channel" ? <Hash size={18} /> : <Users size={18} />}
        picture={url}
        onPictureError={onError}
      />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium text-small">{title}</span>
        <span className="block truncate text-caption text-faint">
          {memberCountOf(conversation)}
          {topic !== undefined && ` · ${topic}`}
        </span>
      </span>
    </span>
  );
}
