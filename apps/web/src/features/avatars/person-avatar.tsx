import type { User, UserId } from "@hubbub/contract";
import { Avatar, type AvatarSize } from "../../ui/avatar.tsx";
import { useChat, useMediaUrl } from "../chat/index.ts";

interface PersonAvatarProps {
  readonly id: UserId;
  /** What is known of someone who came along with something else. */
  readonly known?: User | undefined;
  readonly size?: AvatarSize;
}

/** Somebody's picture, or their initials, as they are now. */
export function PersonAvatar({ id, known, size = "medium" }: PersonAvatarProps) {
  const user = useChat((chat) => chat.users.get(id)) ?? known;
  const { url, onError } = useMediaUrl(user?.avatarMediaId);
  return <Avatar name={user?.displayName ?? "…"} colorKey={id} size={size} picture={url} onPictureError={onError} />;
}
