import type { UserId } from "@hubbub/contract";
import type { ReactNode } from "react";
import { PresenceDot } from "../../ui/presence-dot.tsx";
import { PersonAvatar } from "../avatars/index.ts";
import { presenceText, useChat, usePresence } from "../chat/index.ts";
import { useShowProfile } from "./show-profile.ts";

interface PersonRowProps {
  readonly id: UserId;
  /** Below the name; by default what is known of their presence. */
  readonly about?: ReactNode;
  /** Shows their presence. */
  readonly isWatched?: boolean;
  /** What can be done about them. */
  readonly children?: ReactNode;
}

/** One of a list of people: the name opens who they are. */
export function PersonRow({ id, about, isWatched = false, children }: PersonRowProps) {
  const user = useChat((chat) => chat.users.get(id));
  const status = usePresence(isWatched ? id : undefined);
  const show = useShowProfile();
  const name = user?.displayName ?? "…";
  const handle = user === undefined ? "" : `@${user.username}`;
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-2 gap-y-1 py-1">
      <button
        type="button"
        onClick={() => show(id)}
        className="-mx-2 flex min-h-12 min-w-40 flex-1 items-center gap-3 rounded-medium px-2 text-left hover:bg-hover"
      >
        <span className="relative inline-flex shrink-0">
          <PersonAvatar id={id} />
          <PresenceDot presence={status?.presence} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium text-small">{name}</span>
          <span className="block truncate text-caption text-faint">
            {about ?? (status === undefined ? handle : presenceText(status, new Date()))}
          </span>
        </span>
      </button>
      {children}
    </li>
  );
}
