import type { ConversationState } from "@hubbub/client";
import type { Conversation, ConversationId } from "@hubbub/contract";
import { AtSign, BellOff, Ellipsis, Pin } from "lucide-react";
import { memo } from "react";
import { IconButton } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { formatBriefly } from "../../ui/dates.ts";
import { anchorAt, anchorOf, type MenuAnchor } from "../../ui/menu-anchor.ts";
import { Link } from "../../ui/navigation.tsx";
import { useIsWatching } from "../../ui/watching.ts";
import { conversationPath, useChat } from "../chat/index.ts";
import { ConversationAvatar } from "./conversation-avatar.tsx";
import { activityOf, previewOf, titleOf } from "./summary.ts";
import { formatUnread, isMuted, isQuiet } from "./unread.ts";

interface ConversationItemProps {
  readonly state: ConversationState;
  readonly isCurrent: boolean;
  readonly onMenu: (id: ConversationId, at: MenuAnchor) => void;
}

export const ConversationItem = memo(function ConversationItem({ state, isCurrent, onMenu }: ConversationItemProps) {
  const ownId = useChat((chat) => chat.ownId);
  const users = useChat((chat) => chat.users);
  const { conversation } = state;
  const { id, me } = conversation;
  // what comes into the conversation that is looked at is being read
  const isWatching = useIsWatching();
  // replies in threads call, and count for nobody otherwise [L23]
  const isUnread = me.unread + me.unreadMentions > 0 && !(isCurrent && isWatching);
  const hasDraft = me.settings.draft !== undefined && !isCurrent;
  const now = new Date();
  const isLoud = isUnread && !isQuiet(conversation, now);
  const active = new Date(activityOf(state));
  const title = titleOf(conversation, ownId);
  return (
    <li className="group relative [contain-intrinsic-size:auto_4rem] [content-visibility:auto]">
      <Link
        to={conversationPath(id)}
        onContextMenu={(event) => {
          event.preventDefault();
          onMenu(id, anchorOf(event, event.currentTarget));
        }}
        aria-current={isCurrent ? "page" : undefined}
        className={classNames(
          "mx-2 flex min-h-16 items-center gap-3 rounded-medium px-2.5 py-2 transition-colors duration-100",
          isCurrent ? "bg-accent-wash" : "hover:bg-hover",
        )}
      >
        <ConversationAvatar conversation={conversation} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className={classNames("min-w-0 flex-1 truncate", isLoud ? "font-semibold" : "font-medium")}>
              {title}
            </span>
            <OwnMarks settings={me.settings} now={now} />
            <time dateTime={active.toISOString()} className="shrink-0 text-caption text-faint tabular-nums">
              {formatBriefly(active, now)}
            </time>
          </span>
          <span className="flex items-center gap-2">
            <span className={classNames("min-w-0 flex-1 truncate text-small", isLoud ? "text-ink" : "text-soft")}>
              {hasDraft ? <span className="text-notice">Draft: </span> : null}
              {hasDraft ? me.settings.draft : previewOf(state, ownId, users)}
            </span>
            {isUnread && <UnreadBadges me={me} isLoud={isLoud} />}
          </span>
        </span>
      </Link>
      <IconButton
        label={`Options for ${title}`}
        aria-haspopup="menu"
        onClick={({ currentTarget }) => onMenu(id, anchorAt(currentTarget))}
        className="absolute right-3.5 bottom-1 size-7! bg-raised opacity-0 shadow-resting focus-visible:opacity-100 group-hover:opacity-100 pointer-coarse:hidden"
      >
        <Ellipsis size={17} />
      </IconButton>
    </li>
  );
});

type Own = Conversation["me"];

function OwnMarks({ settings, now }: { readonly settings: Own["settings"]; readonly now: Date }) {
  return (
    <>
      {isMuted(settings, now) && <BellOff size={13} aria-label="Muted" className="shrink-0 self-center text-faint" />}
      {settings.pinned && <Pin size={13} aria-label="Pinned" className="shrink-0 self-center text-faint" />}
    </>
  );
}

/** What calls one is shown even where one wants to be left alone. */
function UnreadBadges({ me: { unread, unreadMentions }, isLoud }: { readonly me: Own; readonly isLoud: boolean }) {
  const badge = "min-w-5 shrink-0 rounded-full px-1.5 text-center font-semibold text-caption leading-5 tabular-nums";
  return (
    <>
      {unreadMentions > 0 && (
        <span className={classNames(badge, "flex items-center gap-0.5 bg-accent text-on-accent")}>
          <AtSign size={12} strokeWidth={2.5} aria-hidden="true" />
          {unreadMentions > 1 && formatUnread(unreadMentions)}
          <span className="sr-only">{unreadMentions === 1 ? "1 mention" : " mentions"}</span>
        </span>
      )}
      {unread > 0 && (
        <span className={classNames(badge, isLoud ? "bg-accent text-on-accent" : "bg-hover text-soft")}>
          {formatUnread(unread)}
          <span className="sr-only"> unread</span>
        </span>
      )}
    </>
  );
}
