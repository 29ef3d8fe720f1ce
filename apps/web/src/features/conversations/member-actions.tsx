import type { KnownMember } from "@hubbub/client";
import type { Conversation, Role } from "@hubbub/contract";
import { Ban, Crown, EllipsisVertical, ShieldCheck, ShieldMinus, UserMinus } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "../auth/index.ts";
import { useAction, useChat, useChatStore } from "../chat/index.ts";
import { mayManage } from "./summary.ts";

interface MemberActionsProps {
  readonly member: KnownMember;
  readonly name: string;
  readonly conversation: Conversation;
}

type Loss = "remove" | "ban";

/** What the one who looks may do about a member; nothing where they may do nothing. */
export function MemberActions({ member: { userId, role }, name, conversation }: MemberActionsProps) {
  const { api } = useSession();
  const ownId = useChat((chat) => chat.ownId);
  const [loss, setLoss] = useState<Loss>();
  const give = useAction(async (to: Role) => {
    await api.call("changeMemberRole", { conversationId: conversation.id, userId, role: to });
  });
  const isOwner = conversation.me.role === "owner";
  const mayRemove = mayManage(conversation) && userId !== ownId && (isOwner || role === "member");
  const mayStepDown = userId === ownId && role !== "member";
  if (!mayRemove && !mayStepDown && !isOwner) return null;
  return (
    <>
      {give.failure !== undefined && <ErrorNotice>{give.failure}</ErrorNotice>}
      <Menu
        trigger={
          <IconButton label={`Actions for ${name}`} disabled={give.isBusy}>
            <EllipsisVertical size={17} />
          </IconButton>
        }
      >
        {isOwner && role !== "owner" && (
          <MenuItem onSelect={() => give.run("owner")}>
            <Crown size={17} /> Make owner
          </MenuItem>
        )}
        {isOwner && role !== "admin" && (
          <MenuItem onSelect={() => give.run("admin")}>
            <ShieldCheck size={17} /> Make admin
          </MenuItem>
        )}
        {(isOwner || mayStepDown) && role !== "member" && (
          <MenuItem onSelect={() => give.run("member")}>
            <ShieldMinus size={17} /> Make member
          </MenuItem>
        )}
        {mayRemove && (
          <>
            {isOwner && <MenuSeparator />}
            <MenuItem onSelect={() => setLoss("remove")}>
              <UserMinus size={17} /> Remove…
            </MenuItem>
            <MenuItem onSelect={() => setLoss("ban")}>
              <Ban size={17} /> Ban…
            </MenuItem>
          </>
        )}
      </Menu>
      {loss !== undefined && (
        <ConfirmLoss
          loss={loss}
          member={{ userId, role }}
          name={name}
          conversation={conversation}
          onClose={() => setLoss(undefined)}
        />
      )}
    </>
  );
}

const words = {
  remove: { title: "Remove", says: "They lose their access. They can be added again, or come back by a link." },
  ban: { title: "Ban", says: "They lose their access, and cannot come back until the ban is lifted." },
} as const;

interface ConfirmLossProps extends MemberActionsProps {
  readonly loss: Loss;
  readonly onClose: () => void;
}

function ConfirmLoss({ loss, member: { userId }, name, conversation: { id }, onClose }: ConfirmLossProps) {
  const store = useChatStore();
  const { api } = useSession();
  const { run, isBusy, failure } = useAction(async () => {
    if (loss === "ban") await api.call("banMember", { conversationId: id, userId });
    else await store.removeMember(id, userId);
    onClose();
  });
  const { title, says } = words[loss];
  return (
    <Dialog title={`${title} ${name}?`} description={says} isOpen onClose={onClose}>
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="danger" isBusy={isBusy} onClick={() => run()}>
          {title}
        </Button>
      </div>
    </Dialog>
  );
}
