import type { ConversationState } from "@hubbub/client";
import { Hash, Lock, LogOut, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { navigate } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useAction, useChat, useChatStore } from "../chat/index.ts";
import { ConversationAvatar } from "./conversation-avatar.tsx";
import { MemberList } from "./member-list.tsx";
import { RenameForm } from "./rename-form.tsx";
import { mayManage, titleOf } from "./summary.ts";

interface DetailsPanelProps {
  readonly state: ConversationState;
  readonly onClose: () => void;
}

/** Beside the messages where there is room, over them where there is not. */
export function DetailsPanel({ state, onClose }: DetailsPanelProps) {
  const ownId = useChat((chat) => chat.ownId);
  const { conversation } = state;
  const { type, peer, topic, visibility } = conversation;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label="Details"
      // A dialog opened from here lies elsewhere in the page: its Escape is its own.
      onKeyDown={(key) => key.key === "Escape" && panel.current?.contains(document.activeElement) && onClose()}
      className="flex min-h-0 animate-arrive flex-col overflow-y-auto border-line bg-surface outline-none max-lg:fixed max-lg:inset-y-0 max-lg:right-0 max-lg:z-10 max-lg:w-full max-lg:shadow-floating sm:max-lg:w-80 lg:w-76 lg:shrink-0 lg:border-l"
    >
      <header className="flex h-14 shrink-0 items-center border-line border-b pr-2 pl-4">
        <h2 className="flex-1 font-semibold">Details</h2>
        <IconButton label="Close details" onClick={onClose}>
          <X size={19} />
        </IconButton>
      </header>
      <div className="flex flex-col gap-6 p-4">
        <div className="flex items-center gap-3">
          <ConversationAvatar conversation={conversation} />
          <div className="min-w-0">
            <p className="font-semibold [overflow-wrap:anywhere]">{titleOf(conversation, ownId)}</p>
            <p className="flex items-center gap-1 text-caption text-faint">
              {type === "direct" ? (
                `@${peer?.username}`
              ) : (
                <>
                  {visibility === "public" ? <Hash size={13} /> : <Lock size={13} />}
                  {visibility === "public" ? "Public" : "Private"} {type}
                </>
              )}
            </p>
          </div>
        </div>
        {topic !== undefined && <p className="text-small text-soft [overflow-wrap:anywhere]">{topic}</p>}
        {mayManage(conversation) && <RenameForm conversation={conversation} />}
        {type !== "direct" && <MemberList state={state} />}
        {type !== "direct" && <Leave state={state} />}
      </div>
    </aside>
  );
}

function Leave({ state }: { readonly state: ConversationState }) {
  const store = useChatStore();
  const ownId = useChat((chat) => chat.ownId);
  const [isAsking, setAsking] = useState(false);
  const { id, type } = state.conversation;
  const { run, isBusy, failure } = useAction(async () => {
    await store.removeMember(id, ownId);
    navigate("/");
  });
  return (
    <div className="border-line border-t pt-4">
      <Button look="danger" className="-ml-4" onClick={() => setAsking(true)}>
        <LogOut size={17} /> Leave {type}
      </Button>
      <Dialog
        title={`Leave ${titleOf(state.conversation, ownId)}?`}
        description="It disappears from your list. To come back, someone in it has to add you."
        isOpen={isAsking}
        onClose={() => setAsking(false)}
      >
        {failure !== undefined && (
          <div className="mt-3">
            <ErrorNotice>{failure}</ErrorNotice>
          </div>
        )}
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={() => setAsking(false)}>Stay</Button>
          <Button look="danger" isBusy={isBusy} onClick={() => run()}>
            Leave
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
