import { Tabs } from "@base-ui/react/tabs";
import { messageIn } from "@hubbub/client";
import type { Message, MessageId, UserId } from "@hubbub/contract";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { PersonAvatar } from "../avatars/index.ts";
import { useAction, useChat, useChatStore, useLoaded } from "../conversations/index.ts";

interface ReactionsDialogProps {
  readonly message: Message;
  /** Shown first; else the first that the message has. */
  readonly emoji: string | undefined;
  readonly onClose: () => void;
}

/** Who reacted to a message, one emoji at a time. */
export function ReactionsDialog({ message, emoji, onClose }: ReactionsDialogProps) {
  const state = useChat(({ conversations }) => conversations.get(message.conversationId));
  const { reactions = [] } = (state && messageIn(state, message.id)) ?? message;
  const [chosen, choose] = useState(emoji);
  const shown = reactions.find((reaction) => reaction.emoji === chosen) ?? reactions[0];
  return (
    <Dialog title="Reactions" isOpen onClose={onClose}>
      {shown === undefined ? (
        <p className="py-4 text-small text-soft">Nobody reacts to this any more.</p>
      ) : (
        <Tabs.Root
          value={shown.emoji}
          onValueChange={(value: string) => choose(value)}
          className="flex min-h-0 flex-col"
        >
          <Tabs.List
            aria-label="Emoji"
            className="-mx-5 flex shrink-0 gap-1 overflow-x-auto border-line border-b px-5 pt-1 [scrollbar-width:none]"
          >
            {reactions.map(({ emoji: each, count }) => (
              <Tabs.Tab
                key={each}
                value={each}
                aria-label={`${each} ${count}`}
                className="-mb-px flex h-10 shrink-0 items-center gap-1.5 rounded-t-small border-transparent border-b-2 px-3 text-small text-soft tabular-nums hover:bg-hover hover:text-ink data-active:border-accent data-active:text-ink"
              >
                <span className="text-body">{each}</span>
                {count.toLocaleString()}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={shown.emoji} className="min-h-48 overflow-y-auto pt-2 -outline-offset-2">
            {/* begun anew when someone joins or leaves */}
            <People key={`${shown.emoji} ${shown.count}`} id={message.id} emoji={shown.emoji} />
          </Tabs.Panel>
        </Tabs.Root>
      )}
    </Dialog>
  );
}

interface Reactors {
  readonly userIds: readonly UserId[];
  readonly nextCursor: string | null;
}

function People({ id, emoji }: { readonly id: MessageId; readonly emoji: string }) {
  const store = useChatStore();
  const read = async ({ userIds, nextCursor }: Reactors): Promise<Reactors> => {
    const page = await store.messages.readReactions(id, emoji, nextCursor ?? undefined);
    const read = page.items.map(({ userId }) => userId);
    store.want(read);
    return { userIds: [...userIds, ...read], nextCursor: page.nextCursor };
  };
  const { loaded, reload } = useLoaded(() => read({ userIds: [], nextCursor: null }), [store, id, emoji]);
  const [longer, setLonger] = useState<Reactors>();
  const more = useAction(async (known: Reactors) => setLonger(await read(known)));
  switch (loaded.status) {
    case "loading":
      return (
        <p role="status" className="flex items-center gap-2 py-3 text-small text-soft">
          <Spinner /> Reading who reacted…
        </p>
      );
    case "failed":
      return (
        <div className="flex flex-col items-start gap-2 py-3">
          <ErrorNotice>{loaded.detail}</ErrorNotice>
          <Button onClick={reload}>Try again</Button>
        </div>
      );
    case "ready": {
      const known = longer ?? loaded.value;
      return (
        <>
          <ul aria-label={`Who reacted with ${emoji}`}>
            {known.userIds.map((userId) => (
              <PersonItem key={userId} id={userId} />
            ))}
          </ul>
          {more.failure !== undefined && <ErrorNotice>{more.failure}</ErrorNotice>}
          {known.nextCursor !== null && (
            <Button look="quiet" isBusy={more.isBusy} onClick={() => more.run(known)} className="mt-1">
              Show more
            </Button>
          )}
        </>
      );
    }
    default:
      return loaded satisfies never;
  }
}

function PersonItem({ id }: { readonly id: UserId }) {
  const isOwn = useChat((chat) => chat.ownId === id);
  const name = useChat((chat) => chat.users.get(id)?.displayName ?? "…");
  return (
    <li className="flex min-h-11 items-center gap-3">
      <PersonAvatar id={id} size="small" />
      <span className="min-w-0 flex-1 truncate text-small">
        {name}
        {isOwn && <span className="text-faint"> (you)</span>}
      </span>
    </li>
  );
}
