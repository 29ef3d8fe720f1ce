import type { PublicConversation } from "@hubbub/contract";
import { useDeferredValue, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { navigate } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useSession } from "../auth/index.ts";
import { conversationPath, useAction, useChat, useLoaded } from "../chat/index.ts";
import { PublicConversationAbout } from "./public-conversation-about.tsx";
import { useEnter } from "./use-enter.ts";

export function BrowseChannelsDialog({ onClose }: { readonly onClose: () => void }) {
  const { api } = useSession();
  const [text, setText] = useState("");
  const query = useDeferredValue(text.trim());
  const { loaded } = useLoaded(
    () => api.call("listPublicConversations", { limit: 50, ...(query !== "" && { query }) }),
    [api, query],
  );
  return (
    <Dialog title="Browse channels" description="Public channels that anyone here may join." isOpen onClose={onClose}>
      <TextField
        className="mt-2"
        label="Search"
        type="search"
        placeholder="Title or topic"
        autoComplete="off"
        autoFocus
        maxLength={100}
        value={text}
        onChange={(change) => setText(change.target.value)}
      />
      {loaded.status === "failed" && <ErrorNotice>{loaded.detail}</ErrorNotice>}
      <ul aria-label="Channels" className="mt-2 max-h-96 min-h-40 flex-1 overflow-y-auto">
        {loaded.status === "ready" &&
          loaded.value.items.map((each) => <Item key={each.id} conversation={each} onClose={onClose} />)}
        {loaded.status === "ready" && loaded.value.items.length === 0 && (
          <li className="py-3 text-small text-soft">
            {query === "" ? "There is no public channel yet." : `No public channel is about “${query}”.`}
          </li>
        )}
      </ul>
    </Dialog>
  );
}

interface ItemProps {
  readonly conversation: PublicConversation;
  readonly onClose: () => void;
}

function Item({ conversation, onClose }: ItemProps) {
  const { api } = useSession();
  const enter = useEnter();
  const isMember = useChat(({ conversations }) => conversations.has(conversation.id));
  const join = useAction(async () => {
    const joined = await api.call("joinChannel", { conversationId: conversation.id });
    onClose();
    enter(joined.conversation);
  });
  const open = (): void => {
    onClose();
    navigate(conversationPath(conversation.id));
  };
  return (
    <li className="border-line border-b py-2 last:border-b-0">
      <div className="flex items-center gap-3">
        <PublicConversationAbout conversation={conversation} />
        {isMember ? (
          <Button look="quiet" onClick={open}>
            Open
          </Button>
        ) : (
          <Button isBusy={join.isBusy} onClick={() => join.run()}>
            Join
          </Button>
        )}
      </div>
      {join.failure !== undefined && <ErrorNotice>{join.failure}</ErrorNotice>}
    </li>
  );
}
