import type { Invitation } from "@hubbub/contract";
import { useEffect } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "../auth/index.ts";
import { useAction, useChat, useChatStore } from "../chat/index.ts";
import { PublicConversationAbout } from "./public-conversation-about.tsx";
import { useEnter } from "./use-enter.ts";

export function InvitationsDialog({ onClose }: { readonly onClose: () => void }) {
  const invitations = useChat((chat) => chat.invitations);
  return (
    <Dialog title="Invitations" isOpen onClose={onClose}>
      <ul>
        {[...invitations.values()].map((each) => (
          <Item key={each.id} invitation={each} onClose={onClose} />
        ))}
      </ul>
      {invitations.size === 0 && <p className="py-3 text-small text-soft">No invitation waits for an answer.</p>}
    </Dialog>
  );
}

interface ItemProps {
  readonly invitation: Invitation;
  readonly onClose: () => void;
}

function Item({ invitation: { id, conversationId, conversation, invitedBy }, onClose }: ItemProps) {
  const { api } = useSession();
  const enter = useEnter();
  const store = useChatStore();
  const inviter = useChat((chat) => chat.users.get(invitedBy)?.displayName);
  useEffect(() => store.want([invitedBy]), [store, invitedBy]);
  const decline = useAction(async () => {
    await api.call("answerInvitation", { invitationId: id, status: "declined" });
  });
  const accept = useAction(async () => {
    await api.call("answerInvitation", { invitationId: id, status: "accepted" });
    const entered = await api.call("getConversation", { conversationId });
    onClose();
    enter(entered.conversation);
  });
  if (conversation === undefined) return null;
  const failure = accept.failure ?? decline.failure;
  return (
    <li className="border-line border-b py-3 last:border-b-0">
      <div className="flex items-center gap-3">
        <PublicConversationAbout conversation={conversation} />
      </div>
      {inviter !== undefined && <p className="mt-1 text-small text-soft">{inviter} invites you.</p>}
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      <div className="mt-2 flex justify-end gap-2">
        <Button look="quiet" isBusy={decline.isBusy} onClick={() => decline.run()}>
          Decline
        </Button>
        <Button look="primary" isBusy={accept.isBusy} onClick={() => accept.run()}>
          Accept
        </Button>
      </div>
    </li>
  );
}
