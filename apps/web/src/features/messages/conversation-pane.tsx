import { type ConversationState, repliesIn, withIntents } from "@hubbub/client";
import type { MessageId } from "@hubbub/contract";
import { ArrowLeft, MessageCircleOff, PanelRight } from "lucide-react";
import { type RefObject, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { useDocumentTitle } from "../../ui/document-title.ts";
import { Link, navigate } from "../../ui/navigation.tsx";
import { EmptyState } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { textLinkClass } from "../../ui/text-link.ts";
import {
  ConversationAvatar,
  ConversationMenuButton,
  type ConversationPlace,
  conversationPath,
  LazyDetailsPanel,
  mayPost,
  memberCountOf,
  messagePath,
  presenceText,
  threadPath,
  titleOf,
  useChat,
  useChatStore,
  usePresence,
} from "../conversations/index.ts";
import { DropTarget } from "../media/index.ts";
import { Composer } from "./composer.tsx";
import { LazyThreadPane } from "./lazy-thread-pane.ts";
import { MessageHistory } from "./message-history.tsx";
import { type Target, TargetContext } from "./message-target.ts";
import { ThreadContext } from "./thread-context.ts";
import { TypingLine } from "./typing-line.tsx";

export function ConversationPane({ place }: { readonly place: ConversationPlace }) {
  const { id, threadRootId } = place;
  const stored = useChat(({ conversations }) => (id === undefined ? undefined : conversations.get(id)));
  const sync = useChat((chat) => chat.sync);
  const ownId = useChat((chat) => chat.ownId);
  const state = useMemo(() => stored && withIntents(stored, ownId), [stored, ownId]);
  const [hasDetails, setDetails] = useState(false);
  const [target, setTarget] = useState<Target>();
  const detailsButton = useRef<HTMLButtonElement>(null);
  const store = useChatStore();
  const thread = useThreadPlace(place, state);
  const shownId = state?.conversation.id;
  useEffect(() => (shownId === undefined ? undefined : store.view(shownId)), [store, shownId]);
  useDocumentTitle(state && titleOf(state.conversation, ownId));
  if (state === undefined) return id !== undefined && sync.status !== "ready" ? <Opening /> : <Absent />;
  const { conversation } = state;
  const closeDetails = (): void => {
    setDetails(false);
    detailsButton.current?.focus();
  };
  return (
    <div className="flex h-full min-h-0">
      <DropTarget conversationId={conversation.id} isOff={!mayPost(conversation) || target?.kind === "edit"}>
        <PaneHeader
          state={state}
          hasDetails={hasDetails}
          onDetails={() => setDetails(!hasDetails)}
          detailsButton={detailsButton}
        />
        <ThreadContext value={thread.open}>
          <TargetContext value={setTarget}>
            <MessageHistory state={state} wanted={place} />
          </TargetContext>
        </ThreadContext>
        <TypingLine id={conversation.id} />
        {mayPost(conversation) || target?.kind === "edit" ? (
          <Composer
            key={target?.kind === "edit" ? target.message.id : "new"}
            state={state}
            target={target}
            onTarget={setTarget}
          />
        ) : (
          <p className="shrink-0 border-line border-t px-4 py-4 text-center text-small text-soft">
            {conversation.peer?.isDeleted === true
              ? "This account was deleted. What was written stays."
              : "Only admins write here."}
          </p>
        )}
      </DropTarget>
      {threadRootId !== undefined && (
        <Suspense>
          <LazyThreadPane
            key={threadRootId}
            state={state}
            rootId={threadRootId}
            wanted={place.seq}
            onClose={thread.close}
          />
        </Suspense>
      )}
      {hasDetails && threadRootId === undefined && (
        <Suspense>
          <LazyDetailsPanel state={state} onClose={closeDetails} />
        </Suspense>
      )}
    </div>
  );
}

/** Opens and closes a thread beside the conversation, by the address; who closes it goes on from its message. */
function useThreadPlace({ id, seq, threadRootId }: ConversationPlace, state: ConversationState | undefined) {
  const open = useCallback(
    (rootId: MessageId): void => {
      if (id !== undefined) navigate(threadPath(id, rootId, seq), { stays: true });
    },
    [id, seq],
  );
  const close = (): void => {
    if (id === undefined || threadRootId === undefined) return;
    // the address of a reply would open its thread again
    const isMain = seq !== undefined && state && !repliesIn(state, threadRootId).some((reply) => reply.seq === seq);
    navigate(isMain ? messagePath(id, seq) : conversationPath(id), { stays: true });
    const root = document.querySelector<HTMLElement>(`[role=log] [data-message="${threadRootId}"]`);
    (root ?? document.querySelector<HTMLElement>("textarea"))?.focus();
  };
  return { open, close };
}

interface PaneHeaderProps {
  readonly state: ConversationState;
  readonly hasDetails: boolean;
  readonly onDetails: () => void;
  readonly detailsButton: RefObject<HTMLButtonElement | null>;
}

function PaneHeader({ state: { conversation }, hasDetails, onDetails, detailsButton }: PaneHeaderProps) {
  const ownId = useChat((chat) => chat.ownId);
  const { type, topic, peer } = conversation;
  const status = usePresence(type === "direct" && peer?.id !== ownId ? peer?.id : undefined);
  const present = status === undefined ? peer && `@${peer.username}` : presenceText(status, new Date());
  const direct = peer?.isDeleted === true ? undefined : present;
  const about = type === "direct" ? direct : (topic ?? memberCountOf(conversation));
  return (
    <header className="flex h-14 shrink-0 items-center gap-2.5 border-line border-b pr-2 pl-2 md:pl-4">
      <Link
        to="/"
        aria-label="Back to conversations"
        className="flex size-10 items-center justify-center rounded-medium text-soft hover:bg-hover md:hidden"
      >
        <ArrowLeft size={20} />
      </Link>
      <ConversationAvatar conversation={conversation} size="medium" />
      <div className="min-w-0 flex-1">
        <h1 className="truncate font-semibold leading-5">{titleOf(conversation, ownId)}</h1>
        {about !== undefined && <p className="truncate text-caption text-faint">{about}</p>}
      </div>
      <ConversationMenuButton conversation={conversation} />
      <IconButton
        ref={detailsButton}
        label="Details"
        aria-expanded={hasDetails}
        onClick={onDetails}
        className={classNames(hasDetails && "bg-hover text-ink")}
      >
        <PanelRight size={19} />
      </IconButton>
    </header>
  );
}

function Opening() {
  return (
    <p role="status" className="flex h-full items-center justify-center gap-3 text-soft">
      <Spinner /> Opening…
    </p>
  );
}

function Absent() {
  return (
    <EmptyState className="h-full" icon={<MessageCircleOff size={36} />} title="This conversation is not here">
      <p className="max-w-80 text-soft">It does not exist, or you are no member of it any more.</p>
      <Link to="/" className={textLinkClass}>
        Back to conversations
      </Link>
    </EmptyState>
  );
}
