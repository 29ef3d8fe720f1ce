import type { ConversationId } from "@hubbub/contract";
import { Compass, MailOpen, MessagesSquare, Search, SquarePen, WifiOff } from "lucide-react";
import { lazy, Suspense, useDeferredValue, useMemo, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { useDocumentTitleCount } from "../../ui/document-title.ts";
import { Logo } from "../../ui/logo.tsx";
import { EmptyState } from "../../ui/notice.tsx";
import { UserMenu } from "../auth/index.ts";
import { useChat, useChatStore } from "../chat/index.ts";
import { PeopleLink } from "../people/index.ts";
import { ConversationItem } from "./conversation-item.tsx";
import { listed } from "./summary.ts";
import { formatTotal } from "./unread.ts";

const NewConversationDialog = lazy(() =>
  import("./new-conversation-dialog.tsx").then(({ NewConversationDialog: component }) => ({ default: component })),
);

const BrowseChannelsDialog = lazy(() =>
  import("./browse-channels-dialog.tsx").then(({ BrowseChannelsDialog: component }) => ({ default: component })),
);
const InvitationsDialog = lazy(() =>
  import("./invitations-dialog.tsx").then(({ InvitationsDialog: component }) => ({ default: component })),
);

interface SidebarProps {
  readonly currentId: ConversationId | undefined;
  readonly onSettings: () => void;
}

export function Sidebar({ currentId, onSettings }: SidebarProps) {
  const [filter, setFilter] = useState("");
  const [opened, setOpened] = useState<"new" | "browse" | "invitations">();
  const close = (): void => setOpened(undefined);
  const start = (): void => setOpened("new");
  const invitations = useChat((chat) => chat.invitations.size);
  return (
    <nav aria-label="Conversations" className="flex h-full min-h-0 flex-col">
      <header className="flex h-14 shrink-0 items-center gap-1 pr-2 pl-4.5">
        <div className="flex-1">
          <Logo />
        </div>
        <IconButton label="Browse channels" onClick={() => setOpened("browse")}>
          <Compass size={19} />
        </IconButton>
        <IconButton label="New conversation" onClick={start}>
          <SquarePen size={19} />
        </IconButton>
        <UserMenu onSettings={onSettings} />
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
          className="h-9 w-full rounded-medium border border-line bg-surface pr-2 pl-9 text-small placeholder:text-faint"
        />
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

interface ConversationListProps extends Pick<SidebarProps, "currentId"> {
  readonly filter: string;
  readonly onStart: () => void;
}

function ConversationList({ filter, currentId, onStart }: ConversationListProps) {
  const store = useChatStore();
  const conversations = useChat((chat) => chat.conversations);
  const ownId = useChat((chat) => chat.ownId);
  const sync = useChat((chat) => chat.sync);
  const wanted = useDeferredValue(filter);
  useDocumentTitleCount(useMemo(() => formatTotal(conversations), [conversations]));
  const items = useMemo(() => listed(conversations, ownId, wanted), [conversations, ownId, wanted]);
  if (items.length > 0)
    return (
      <ul>
        {items.map((state) => (
          <ConversationItem key={state.conversation.id} state={state} isCurrent={state.conversation.id === currentId} />
        ))}
      </ul>
    );
  if (sync.status === "loading") return <Placeholder />;
  if (sync.status === "failed")
    return (
      <EmptyState icon={<WifiOff size={28} />} title="Not loaded">
        <p className="mb-2 text-small text-soft">{sync.error.detail}</p>
        <Button onClick={() => store.refresh()}>Try again</Button>
      </EmptyState>
    );
  if (conversations.size > 0)
    return <p className="px-4.5 py-3 text-small text-soft">No conversation is called “{wanted.trim()}”.</p>;
  return (
    <EmptyState icon={<MessagesSquare size={30} />} title="No conversations yet">
      <p className="mb-2 text-small text-soft">Write to someone, or gather a group.</p>
      <Button look="primary" onClick={onStart}>
        Start a conversation
      </Button>
    </EmptyState>
  );
}

function Placeholder() {
  return (
    <div role="status">
      <span className="sr-only">Loading conversations…</span>
      {[0, 1, 2, 3].map((index) => (
        <div key={index} className="mx-2 flex min-h-16 animate-breathe items-center gap-3 px-2.5 py-2">
          <div className="size-11 rounded-medium bg-hover" />
          <div className="flex-1 space-y-2">
            <div className="h-3 w-2/5 rounded-small bg-hover" />
            <div className="h-3 w-4/5 rounded-small bg-hover" />
          </div>
        </div>
      ))}
    </div>
  );
}
