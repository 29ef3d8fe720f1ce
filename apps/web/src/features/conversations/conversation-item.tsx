import type { ConversationState } from "@hubbub/client";
import { memo } from "react";
import { classNames } from "../../ui/class-names.ts";
import { formatBriefly } from "../../ui/dates.ts";
import { Link } from "../../ui/navigation.tsx";
import { useIsWatching } from "../../ui/watching.ts";
import { conversationPath, useChat } from "../chat/index.ts";
import { ConversationAvatar } from "./conversation-avatar.tsx";
import { activityOf, previewOf, titleOf } from "./summary.ts";
import { formatUnread } from "./unread.ts";

interface ConversationItemProps {
  readonly state: ConversationState;
  readonly isCurrent: boolean;
}

export const ConversationItem = memo(function ConversationItem({ state, isCurrent }: ConversationItemProps) {
  const ownId = useChat((chat) => chat.ownId);
  const users = useChat((chat) => chat.users);
  const { conversation } = state;
  const { unread } = conversation.me;
  // what comes into the conversation that is looked at is being read
  const isWatching = useIsWatching();
  const isUnread = unread > 0 && !(isCurrent && isWatching);
  const active = new Date(activityOf(state));
  return (
    <li className="[contain-intrinsic-size:auto_4rem] [content-visibility:auto]">
      <Link
        to={conversationPath(conversation.id)}
        aria-current={isCurrent ? "page" : undefined}
        className={classNames(
          "mx-2 flex min-h-16 items-center gap-3 rounded-medium px-2.5 py-2 transition-colors duration-100",
          isCurrent ? "bg-accent-wash" : "hover:bg-hover",
        )}
      >
        <ConversationAvatar conversation={conversation} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className={classNames("min-w-0 flex-1 truncate", isUnread ? "font-semibold" : "font-medium")}>
              {titleOf(conversation, ownId)}
            </span>
            <time dateTime={active.toISOString()} className="shrink-0 text-caption text-faint tabular-nums">
              {formatBriefly(active, new Date())}
            </time>
          </span>
          <span className="flex items-center gap-2">
            <span className={classNames("min-w-0 flex-1 truncate text-small", isUnread ? "text-ink" : "text-soft")}>
              {previewOf(state, ownId, users)}
            </span>
            {isUnread && (
              <span className="min-w-5 shrink-0 rounded-full bg-accent px-1.5 text-center font-semibold text-caption text-on-accent leading-5 tabular-nums">
                {formatUnread(unread)}
                <span className="sr-only"> unread</span>
              </span>
            )}
          </span>
        </span>
      </Link>
    </li>
  );
});
