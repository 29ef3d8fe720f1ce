import { type ConversationState, pinsIn } from "@hubbub/client";
import type { Message } from "@hubbub/contract";
import { PinOff } from "lucide-react";
import { useEffect, useMemo } from "react";
import { IconButton } from "../../ui/button.tsx";
import { formatBriefly, formatFull } from "../../ui/dates.ts";
import { Link } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { messagePath, plainTextOf, useAction, useChat, useChatStore } from "../chat/index.ts";
import { gist } from "../media/index.ts";
import { mayPin } from "./summary.ts";

/** What is pinned in a conversation, and the way to it. */
export function PinnedMessages({ state }: { readonly state: ConversationState }) {
  const store = useChatStore();
  const { id } = state.conversation;
  const pins = useMemo(() => pinsIn(state), [state]);
  const loading = useAction(() => store.aside.loadPins(id));
  const { run: load } = loading;
  const mustLoad = pins === undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: to load again is decided by whether they are known alone
  useEffect(() => {
    if (mustLoad) load();
  }, [mustLoad, id]);
  return (
    <section aria-label="Pinned messages">
      <h3 className="mb-1 font-medium text-small">Pinned messages</h3>
      {loading.isBusy && pins === undefined && (
        <p role="status" className="flex items-center gap-2 py-2 text-small text-soft">
          <Spinner /> Loading pinned messages…
        </p>
      )}
      {loading.failure !== undefined && <ErrorNotice>{loading.failure}</ErrorNotice>}
      {pins?.length === 0 && <p className="text-small text-faint">Nothing is pinned here.</p>}
      <ul>
        {pins?.map((message) => (
          <Item key={message.id} message={message} mayUnpin={mayPin(state.conversation)} />
        ))}
      </ul>
    </section>
  );
}

function Item({ message, mayUnpin }: { readonly message: Message; readonly mayUnpin: boolean }) {
  const store = useChatStore();
  const { id, conversationId, seq, senderId, createdAt, text = "", media } = message;
  const name = useChat((chat) => chat.users.get(senderId)?.displayName ?? "…");
  const unpin = useAction(() => store.messages.pin(id, false));
  const sent = new Date(createdAt);
  return (
    <li className="flex items-start gap-1">
      <Link
        to={messagePath(conversationId, seq)}
        className="-mx-1.5 min-w-0 flex-1 rounded-medium px-1.5 py-1.5 transition-colors duration-100 hover:bg-hover"
      >
        <span className="flex items-baseline gap-2">
          <span className="truncate font-semibold text-caption">{name}</span>
          <time
            dateTime={createdAt}
            title={formatFull(sent)}
            className="ml-auto shrink-0 text-caption text-faint tabular-nums"
          >
            {formatBriefly(sent, new Date())}
          </time>
        </span>
        <span dir="auto" className="line-clamp-3 text-small text-soft [overflow-wrap:anywhere]">
          {gist(plainTextOf(text), media)}
        </span>
        {unpin.failure !== undefined && <ErrorNotice>{unpin.failure}</ErrorNotice>}
      </Link>
      {mayUnpin && (
        <IconButton label="Unpin" disabled={unpin.isBusy} onClick={() => unpin.run()}>
          <PinOff size={16} />
        </IconButton>
      )}
    </li>
  );
}
