import type { ConversationState } from "@hubbub/client";
import { type ConversationId, limits, type Message, type MessageId, type ReplyTo } from "@hubbub/contract";
import { Check, SendHorizontal } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { classNames } from "../../ui/class-names.ts";
import { titleOf, useChat, useChatStore } from "../conversations/index.ts";
import { AttachmentList, useAttachmentTray } from "../media/index.ts";
import { ComposerField } from "./composer-field.tsx";
import { ComposerTarget } from "./composer-target.tsx";
import { mentionsIn } from "./mentions.ts";
import { lastOwn } from "./message-rows.ts";
import type { Target } from "./message-target.ts";
import { bytesOf, useDraft } from "./use-draft.ts";

interface ComposerProps {
  readonly state: ConversationState;
  /** Whose thread is replied in. */
  readonly threadRootId?: MessageId;
  /** What is answered or edited. */
  readonly target: Target | undefined;
  readonly onTarget: (target: Target | undefined) => void;
}

/**
 * Enter sends, Shift+Enter breaks the line; while an input method composes, Enter belongs to it. ↑ in an empty one edits
 * one's last message, Escape gives that up.
 */
export function Composer({ state, threadRootId, target, onTarget }: ComposerProps) {
  const { id } = state.conversation;
  const store = useChatStore();
  const ownId = useChat((chat) => chat.ownId);
  const users = useChat((chat) => chat.users);
  const edited = target?.kind === "edit" ? target.message : undefined;
  const { text, write } = useDraft(state, threadRootId, edited && (edited.text ?? ""));
  const title = useTitle(id);
  const area = useRef<HTMLTextAreaElement>(null);
  const excess = bytesOf(text) - limits.messageText;
  const attachments = useAttachmentTray(threadRootId ?? id, id);
  const { tray } = attachments;
  const hasFiles =
    edited === undefined ? attachments.files.some((file) => "upload" in file) : edited.media !== undefined;
  const maySend = (text.trim() !== "" || hasFiles) && excess <= 0;
  useEffect(() => {
    // On touch screens the keyboard would cover half of what was opened to be read.
    if (matchMedia("(hover: hover)").matches) area.current?.focus();
  }, []);

  useEffect(() => {
    if (target !== undefined) area.current?.focus();
  }, [target]);

  const onWrite = (next: string): void => {
    write(next);
    if (edited === undefined) store.type(id, next.trim() !== "");
  };
  const send = (): void => {
    if (!maySend) return;
    if (edited !== undefined) {
      store.messages.edit(edited, text.trim(), mentionsIn(text, state, users));
      onTarget(undefined);
      return;
    }
    const mentions = mentionsIn(text, state, users);
    tray.send({
      text: text.trim(),
      ...(target !== undefined && { replyTo: replyTo(target.message) }),
      ...(threadRootId !== undefined && { threadRootId }),
      ...(mentions.length > 0 && { mentions }),
    });
    onWrite("");
    onTarget(undefined);
    area.current?.focus();
  };
  const onKey = (key: KeyboardEvent): void => {
    if (key.key === "Escape" && target !== undefined) {
      key.preventDefault(); // it ends this alone, not the thread around it
      onTarget(undefined);
    }
    const last = key.key === "ArrowUp" && text === "" ? lastOwn(state, ownId, threadRootId) : undefined;
    if (last !== undefined) {
      key.preventDefault();
      onTarget({ kind: "edit", message: last });
    }
    if (key.key !== "Enter" || key.shiftKey) return;
    key.preventDefault();
    send();
  };
  return (
    <form
      className="shrink-0 px-3 pt-1 pb-3 md:px-4 md:pb-4"
      onSubmit={(submission) => {
        submission.preventDefault();
        send();
      }}
    >
      {edited === undefined && <AttachmentList {...attachments} />}
      {target !== undefined && <ComposerTarget target={target} onCancel={() => onTarget(undefined)} />}
      <ComposerField
        area={area}
        state={state}
        label={threadRootId === undefined ? `Message to ${title}` : "Reply in thread"}
        placeholder={threadRootId === undefined ? "Write a message" : "Reply in thread"}
        text={text}
        onWrite={onWrite}
        onKey={onKey}
        onFiles={edited === undefined ? tray.add : undefined}
      >
        <button
          type="submit"
          aria-label={edited === undefined ? "Send" : "Save"}
          title={edited === undefined ? "Send" : "Save"}
          disabled={!maySend}
          className={classNames(
            "m-1 flex size-9 shrink-0 items-center justify-center rounded-small transition-colors duration-100",
            maySend ? "bg-accent text-on-accent hover:bg-accent-strong" : "text-faint",
          )}
        >
          {edited === undefined ? <SendHorizontal size={18} /> : <Check size={18} />}
        </button>
      </ComposerField>
      {excess > 0 && (
        <p role="alert" className="mt-1 px-1 text-danger text-small">
          Too long by {excess.toLocaleString()} bytes.
        </p>
      )}
    </form>
  );
}

const replyTo = ({ id, seq, senderId }: Message): ReplyTo => ({ id, seq, senderId });

function useTitle(id: ConversationId): string {
  const ownId = useChat((chat) => chat.ownId);
  const state = useChat(({ conversations }) => conversations.get(id));
  return state === undefined ? "" : titleOf(state.conversation, ownId);
}
