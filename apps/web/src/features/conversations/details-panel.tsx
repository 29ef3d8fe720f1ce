import type { ConversationState } from "@hubbub/client";
import type { Conversation, User } from "@hubbub/contract";
import { Ban, Hash, Link2, Lock, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { PictureField } from "../avatars/index.ts";
import { useChat, useChatStore } from "../chat/index.ts";
import { BansDialog } from "./bans-dialog.tsx";
import { ConversationAvatar } from "./conversation-avatar.tsx";
import { Departures } from "./departures.tsx";
import { InviteLinksDialog } from "./invite-links-dialog.tsx";
import { MemberList } from "./member-list.tsx";
import { PinnedMessages } from "./pinned-messages.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { SharedMedia } from "./shared-media.tsx";
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
                handleOf(peer)
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
        {mayManage(conversation) && <Management conversation={conversation} />}
        <PinnedMessages state={state} />
        <SharedMedia conversation={conversation} />
        {type !== "direct" && <MemberList state={state} />}
        <Departures conversation={conversation} />
      </div>
    </aside>
  );
}

function Management({ conversation }: { readonly conversation: Conversation }) {
  const store = useChatStore();
  const [opened, setOpened] = useState<"links" | "bans">();
  const close = (): void => setOpened(undefined);
  return (
    <div className="flex flex-col gap-4">
      <PictureField
        hasPicture={conversation.avatarMediaId !== undefined}
        onChange={(avatarMediaId) => store.updateConversation({ conversationId: conversation.id, avatarMediaId })}
      />
      <SettingsForm conversation={conversation} />
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setOpened("links")}>
          <Link2 size={17} /> Invite links
        </Button>
        <Button onClick={() => setOpened("bans")}>
          <Ban size={17} /> Bans
        </Button>
      </div>
      {opened === "links" && <InviteLinksDialog conversation={conversation} onClose={close} />}
      {opened === "bans" && <BansDialog conversation={conversation} onClose={close} />}
    </div>
  );
}

function handleOf(peer: User | undefined): string {
  return peer?.isDeleted === true ? "This account was deleted" : `@${peer?.username}`;
}
