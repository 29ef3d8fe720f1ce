import type { ConversationState } from "@hubbub/client";
import type { ConversationId } from "@hubbub/contract";
import { Archive, ChevronRight, MessagesSquare, WifiOff } from "lucide-react";
import { type ReactNode, Suspense, useCallback, useDeferredValue, useMemo, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { useDocumentTitleCount } from "../../ui/document-title.ts";
import type { MenuAnchor } from "../../ui/menu-anchor.ts";
import { EmptyState } from "../../ui/notice.tsx";
import { useChat, useChatStore } from "../chat/index.ts";
import { ConversationItem } from "./conversation-item.tsx";
import { LazyConversationMenu } from "./lazy-conversation-menu.ts";
import { listed } from "./summary.ts";
import { formatTotal } from "./unread.ts";

interface ConversationListProps {
  readonly currentId: ConversationId | undefined;
  readonly filter: string;
  readonly onStart: () => void;
}

export function ConversationList({ filter, currentId, onStart }: ConversationListProps) {
  const conversations = useChat((chat) => chat.conversations);
  const ownId = useChat((chat) => chat.ownId);
  const wanted = useDeferredValue(filter);
  const [menu, setMenu] = useState<{ readonly id: ConversationId; readonly at: MenuAnchor }>();
  const openMenu = useCallback((id: ConversationId, at: MenuAnchor) => setMenu({ id, at }), []);
  useDocumentTitleCount(useMemo(() => formatTotal(conversations, new Date()), [conversations]));
  const { shown, archived } = useMemo(() => listed(conversations, ownId, wanted), [conversations, ownId, wanted]);
  const inMenu = menu && conversations.get(menu.id)?.conversation;
  const items = (states: readonly ConversationState[]) =>
    states.map((state) => (
      <ConversationItem
        key={state.conversation.id}
        state={state}
        isCurrent={state.conversation.id === currentId}
        onMenu={openMenu}
      />
    ));
  return (
    <>
      {shown.length > 0 && <ul>{items(shown)}</ul>}
      {archived.length > 0 && (
        <Archived
          count={archived.length}
          isWanted={wanted.trim() !== "" || archived.some(({ conversation }) => conversation.id === currentId)}
        >
          <ul>{items(archived)}</ul>
        </Archived>
      )}
      {shown.length + archived.length === 0 && (
        <Nothing hasAny={conversations.size > 0} filter={wanted.trim()} onStart={onStart} />
      )}
      {menu !== undefined && inMenu !== undefined && (
        <Suspense>
          <LazyConversationMenu conversation={inMenu} at={menu.at} onClose={() => setMenu(undefined)} />
        </Suspense>
      )}
    </>
  );
}

interface ArchivedProps {
  readonly count: number;
  /** It is open whatever was chosen: what is looked for may be in it. */
  readonly isWanted: boolean;
  readonly children: ReactNode;
}

function Archived({ count, isWanted, children }: ArchivedProps) {
  const [isOpen, setOpen] = useState(false);
  const isShown = isOpen || isWanted;
  return (
    <section aria-label="Archived" className="mt-1">
      <button
        type="button"
        aria-expanded={isShown}
        onClick={() => setOpen(!isShown)}
        className="mx-2 flex min-h-10 w-[calc(100%-1rem)] items-center gap-3 rounded-medium px-2.5 font-medium text-small text-soft hover:bg-hover hover:text-ink"
      >
        <span className="flex w-11 justify-center">
          <Archive size={18} aria-hidden="true" />
        </span>
        <span className="flex-1 text-left">Archived</span>
        <span className="text-caption text-faint tabular-nums">{count.toLocaleString()}</span>
        <ChevronRight
          size={15}
          aria-hidden="true"
          className={classNames("text-faint transition-transform", isShown && "rotate-90")}
        />
      </button>
      {isShown && children}
    </section>
  );
}

interface NothingProps {
  readonly hasAny: boolean;
  readonly filter: string;
  readonly onStart: () => void;
}

function Nothing({ hasAny, filter, onStart }: NothingProps) {
  const store = useChatStore();
  const sync = useChat((chat) => chat.sync);
  if (sync.status === "loading") return <Placeholder />;
  if (sync.status === "failed")
    return (
      <EmptyState icon={<WifiOff size={28} />} title="Not loaded">
        <p className="mb-2 text-small text-soft">{sync.error.detail}</p>
        <Button onClick={() => store.refresh()}>Try again</Button>
      </EmptyState>
    );
  if (hasAny) return <p className="px-4.5 py-3 text-small text-soft">No conversation is called “{filter}”.</p>;
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
