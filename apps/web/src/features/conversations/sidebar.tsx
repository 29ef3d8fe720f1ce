import type { ConversationId } from "@hubbub/contract";
import { Compass, MailOpen, Search, SquarePen, TextSearch } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Link } from "../../ui/navigation.tsx";
import { UserMenu } from "../auth/index.ts";
import { PersonAvatar } from "../avatars/index.ts";
import { searchPath, useChat } from "../chat/index.ts";
import { PeopleLink } from "../people/index.ts";
import { ConversationList } from "./conversation-list.tsx";

const NewConversationDialog = lazy(() =>
  import("./new-conversation-dialog.tsx").then(({ NewConversationDialog: component }) => ({ default: component })),
);

const BrowseChannelsDialog = lazy(() =>
  import("./browse-channels-dialog.tsx").then(({ BrowseChannelsDialog: component }) => ({ default: component })),
);
const InvitationsDialog = lazy(() =>
  import("./invitations-dialog.tsx").then(({ InvitationsDialog: component }) => ({ default: component })),
);

/** What the keys of the switcher are called on this machine. */
const shortcutName = /Mac|iPhone|iPad/u.test(navigator.userAgent) ? "⌘K" : "Ctrl K";

interface SidebarProps {
  readonly currentId: ConversationId | undefined;
  readonly onSettings: () => void;
  readonly onSwitcher: () => void;
  readonly opened: SidebarDialog | undefined;
  readonly onOpen: (dialog: SidebarDialog | undefined) => void;
}

export type SidebarDialog = "new" | "browse" | "invitations";

export function Sidebar({ currentId, onSettings, onSwitcher, opened, onOpen: setOpened }: SidebarProps) {
  const [filter, setFilter] = useState("");
  const close = (): void => setOpened(undefined);
  const start = (): void => setOpened("new");
  const ownId = useChat((chat) => chat.ownId);
  const invitations = useChat((chat) => chat.invitations.size);
  return (
    <nav aria-label="Conversations" className="flex h-full min-h-0 flex-col">
      <header className="flex h-14 shrink-0 items-center gap-1 pr-2 pl-4.5">
        <div className="flex-1">
          <Logo />
        </div>
        <Link
          to={searchPath()}
          aria-label="Search messages"
          title="Search messages"
          className="flex size-10 items-center justify-center rounded-medium text-soft transition-colors duration-100 hover:bg-hover hover:text-ink"
        >
          <TextSearch size={19} />
        </Link>
        <IconButton label="Browse channels" onClick={() => setOpened("browse")}>
          <Compass size={19} />
        </IconButton>
        <IconButton label="New conversation" onClick={start}>
          <SquarePen size={19} />
        </IconButton>
        <UserMenu face={<PersonAvatar id={ownId} size="small" />} onSettings={onSettings} />
      </header>
      <div className="relative mx-4 mb-2">
        <Search
          size={16}
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 left-3 my-auto text-faint"
        />
        <input
          type="search"
          aria-label="Filter conversations"
          placeholder="Filter"
          value={filter}
          onChange={(change) => setFilter(change.target.value)}
          className="h-9 w-full rounded-medium border border-line bg-surface pr-18 pl-9 text-small placeholder:text-faint"
        />
        <button
          type="button"
          aria-label="Go to a conversation, person or channel"
          aria-keyshortcuts="Control+K Meta+K"
          onClick={onSwitcher}
          className="absolute inset-y-1 right-1 rounded-small px-2 text-caption text-faint hover:bg-hover hover:text-ink pointer-coarse:hidden"
        >
          <kbd className="font-sans">{shortcutName}</kbd>
        </button>
      </div>
      <PeopleLink />
      {invitations > 0 && (
        <button
          type="button"
          onClick={() => setOpened("invitations")}
          className="mx-4 mb-2 flex min-h-10 items-center gap-2.5 rounded-medium bg-accent-wash px-3 font-medium text-small hover:bg-hover"
        >
          <MailOpen size={17} aria-hidden="true" className="text-accent" />
          <span className="flex-1 text-left">Invitations</span>
          <span className="min-w-5 rounded-full bg-accent px-1.5 text-center font-semibold text-caption text-on-accent leading-5 tabular-nums">
            {invitations}
          </span>
        </button>
      )}
      <div className="min-h-0 flex-1 overflow-y-auto pb-3">
        <ConversationList filter={filter} currentId={currentId} onStart={start} />
      </div>
      <Suspense>
        {opened === "new" && <NewConversationDialog onClose={close} />}
        {opened === "browse" && <BrowseChannelsDialog onClose={close} />}
        {opened === "invitations" && <InvitationsDialog onClose={close} />}
      </Suspense>
    </nav>
  );
}
