import type { Conversation } from "@hubbub/contract";
import { Check, Copy, CornerUpLeft, Forward, History, Link2, Pin, PinOff, Smile } from "lucide-react";
import { type ReactNode, use, useEffect, useState } from "react";
import { copyText } from "../../ui/clipboard.ts";
import { AnchoredMenu, MenuItem } from "../../ui/menu.tsx";
import { navigate } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { mayPin, messagePath, threadPath, useAction, useChatStore } from "../conversations/index.ts";
import type { OpenMessageMenu } from "./message-menu-context.ts";
import { MessageViewContext } from "./message-view-context.ts";

/** How long it is said that something was copied, milliseconds. */
const saidFor = 900;

interface MessageMenuProps extends OpenMessageMenu {
  readonly conversation: Conversation;
  readonly onClose: () => void;
}

/** What is done with a message now and then. */
export function MessageMenu({ message, at, conversation, onClose }: MessageMenuProps) {
  const store = useChatStore();
  const { id, kind, conversationId, seq, text, pinnedAt, editedAt, replyTo, threadRootId } = message;
  const openView = use(MessageViewContext);
  const path =
    threadRootId === undefined ? messagePath(conversationId, seq) : threadPath(conversationId, threadRootId, seq);
  const pin = useAction(async () => {
    await store.messages.pin(id, pinnedAt === undefined);
    onClose();
  });
  return (
    <AnchoredMenu at={at} label="More actions" onClose={onClose}>
      {pin.failure !== undefined && <ErrorNotice>{pin.failure}</ErrorNotice>}
      {replyTo !== undefined && (
        <MenuItem onSelect={() => navigate(messagePath(conversationId, replyTo.seq))}>
          <CornerUpLeft size={17} /> Show what it answers
        </MenuItem>
      )}
      <CopyItem icon={<Link2 size={17} />} text={location.origin + path} onDone={onClose}>
        Copy link
      </CopyItem>
      {text !== undefined && (
        <CopyItem icon={<Copy size={17} />} text={text} onDone={onClose}>
          Copy text
        </CopyItem>
      )}
      {message.reactions !== undefined && (
        <MenuItem onSelect={() => openView({ kind: "reactions", message })}>
          <Smile size={17} /> Who reacted
        </MenuItem>
      )}
      {editedAt !== undefined && (
        <MenuItem onSelect={() => openView({ kind: "edits", message })}>
          <History size={17} /> Edit history
        </MenuItem>
      )}
      {kind !== "system" && kind !== "unsupported" && (
        <MenuItem onSelect={() => openView({ kind: "forward", message })}>
          <Forward size={17} /> Forward…
        </MenuItem>
      )}
      {mayPin(conversation) && (
        <MenuItem closes={false} onSelect={() => pin.run()}>
          {pinnedAt === undefined ? <Pin size={17} /> : <PinOff size={17} />}
          {pinnedAt === undefined ? "Pin for everyone" : "Unpin"}
        </MenuItem>
      )}
    </AnchoredMenu>
  );
}

const said = { copied: "Copied", failed: "The browser does not allow it" } as const;

interface CopyItemProps {
  readonly icon: ReactNode;
  readonly text: string;
  readonly onDone: () => void;
  readonly children: string;
}

function CopyItem({ icon, text, onDone, children }: CopyItemProps) {
  const [outcome, setOutcome] = useState<keyof typeof said>();
  useEffect(() => {
    if (outcome !== "copied") return;
    const timer = setTimeout(onDone, saidFor);
    return () => clearTimeout(timer);
  }, [outcome, onDone]);
  const copy = async (): Promise<void> => setOutcome((await copyText(text)) ? "copied" : "failed");
  return (
    <MenuItem closes={false} onSelect={() => void copy()}>
      {outcome === "copied" ? <Check size={17} className="text-accent" /> : icon}
      <span aria-live="polite">{outcome === undefined ? children : said[outcome]}</span>
    </MenuItem>
  );
}
