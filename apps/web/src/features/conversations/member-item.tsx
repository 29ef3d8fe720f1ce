import type { ConversationState, KnownMember } from "@hubbub/client";
import { PresenceDot } from "../../ui/presence-dot.tsx";
import { PersonAvatar } from "../avatars/index.ts";
import { useChat, usePresence } from "../chat/index.ts";
import { useShowProfile } from "../people/index.ts";
import { MemberActions } from "./member-actions.tsx";

interface MemberItemProps {
  readonly member: KnownMember;
  readonly state: ConversationState;
}

export function MemberItem({ member: { userId, role }, state }: MemberItemProps) {
  const ownId = useChat((chat) => chat.ownId);
  const user = useChat((chat) => chat.users.get(userId));
  const status = usePresence(userId);
  const show = useShowProfile();
  const { conversation } = state;
  const name = user?.displayName ?? "…";
  return (
    <li>
      <div className="flex min-h-11 items-center gap-3">
        <button
          type="button"
          onClick={() => show(userId)}
          className="-mx-1.5 flex min-h-10 min-w-0 flex-1 items-center gap-3 rounded-medium px-1.5 text-left hover:bg-hover"
        >
          <span className="relative inline-flex shrink-0">
            <PersonAvatar id={userId} size="small" />
            <PresenceDot presence={status?.presence} />
          </span>
          <span className="min-w-0 flex-1 truncate text-small">
            {name}
            {userId === ownId && <span className="text-faint"> (you)</span>}
          </span>
        </button>
        {role !== "member" && <span className="text-caption text-faint">{role === "owner" ? "Owner" : "Admin"}</span>}
        <MemberActions member={{ userId, role }} name={name} conversation={conversation} />
      </div>
    </li>
  );
}
