import type { Conversation, Message } from "@hubbub/contract";
import { Ellipsis, MessageSquareText, Pencil, Reply, SmilePlus, Trash2 } from "lucide-react";
import { type ReactNode, use, useState } from "react";
import { Button } from "../../ui/button.tsx";
import type { MenuAnchor } from "../../ui/menu-anchor.ts";
import { mayManage, mayPost, useChat, useChatStore } from "../conversations/index.ts";
import { MessageMenuContext } from "./message-menu-context.ts";
import { TargetContext } from "./message-target.ts";
import { MessageViewContext } from "./message-view-context.ts";
import { ThreadContext } from "./thread-context.ts";

/** Offered at once; the others are picked from all. */
const offered = ["👍", "❤️", "😂", "🎉"];

const toolClass =
  "flex size-8 shrink-0 items-center justify-center rounded-small text-soft hover:bg-hover hover:text-ink aria-pressed:bg-accent-wash";

interface MessageActionsProps {
  readonly message: Message;
  readonly conversation: Conversation;
  readonly isOwn: boolean;
}

/** What can be done with a message, above its corner. */
export function MessageActions({ message, conversation, isOwn }: MessageActionsProps) {
  const store = useChatStore();
  const ownId = useChat((chat) => chat.ownId);
  const begin = use(TargetContext);
  const openMenu = use(MessageMenuContext);
  const openView = use(MessageViewContext);
  const openThread = use(ThreadContext);
  const [isDeleting, setDeleting] = useState(false);
  const own = new Set(message.reactions?.filter(({ userIds }) => userIds.includes(ownId)).map(({ emoji }) => emoji));
  return (
    <div
      role="toolbar"
      aria-label="Message actions"
      className="-top-5 absolute right-3 z-10 flex max-w-full items-center rounded-medium border border-line bg-raised p-0.5 shadow-floating"
    >
      {isDeleting ? (
        <>
          <p className="px-2 text-small">Delete for everyone?</p>
          <Button look="danger" onClick={() => store.messages.delete(message)} className="min-h-8 px-2.5">
            Delete
          </Button>
          <Button look="quiet" onClick={() => setDeleting(false)} className="min-h-8 px-2.5">
            Keep
          </Button>
        </>
      ) : (
        <>
          {offered.map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={`React with ${emoji}`}
              aria-pressed={own.has(emoji)}
              onClick={() =>
                own.has(emoji) ? store.messages.unreact(message, emoji) : store.messages.react(message, emoji)
              }
              className={toolClass}
            >
              {emoji}
            </button>
          ))}
          <Tool label="React with another emoji" onSelect={() => openView({ kind: "emoji", message })}>
            <SmilePlus size={17} />
          </Tool>
          {mayPost(conversation) && (
            <Tool label="Reply" onSelect={() => begin({ kind: "reply", message })}>
              <Reply size={17} />
            </Tool>
          )}
          {openThread !== undefined && message.threadRootId === undefined && mayPost(conversation) && (
            <Tool label="Reply in thread" onSelect={() => openThread(message.id)}>
              <MessageSquareText size={16} />
            </Tool>
          )}
          {isOwn && message.forwardedFrom === undefined && (
            <Tool label="Edit" onSelect={() => begin({ kind: "edit", message })}>
              <Pencil size={16} />
            </Tool>
          )}
          {(isOwn || mayManage(conversation)) && (
            <Tool label="Delete" onSelect={() => setDeleting(true)}>
              <Trash2 size={16} />
            </Tool>
          )}
          <button
            type="button"
            aria-label="More actions"
            title="More actions"
            aria-haspopup="menu"
            onClick={({ currentTarget }) => openMenu({ message, at: anchorWithin(currentTarget) })}
            className={toolClass}
          >
            <Ellipsis size={17} />
          </button>
        </>
      )}
    </div>
  );
}

/** The button is gone before the menu is: it stays where the button was, and the message gets the focus back. */
function anchorWithin(button: HTMLElement): MenuAnchor {
  const bounds = button.getBoundingClientRect();
  return { place: { getBoundingClientRect: () => bounds }, opener: button.closest("article") ?? button };
}

interface ToolProps {
  readonly label: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

function Tool({ label, onSelect, children }: ToolProps) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onSelect} className={toolClass}>
      {children}
    </button>
  );
}
