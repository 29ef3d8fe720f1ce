import type { Ban, Conversation } from "@hubbub/contract";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "../auth/index.ts";
import { PersonAvatar } from "../avatars/index.ts";
import { useAction, useLoaded } from "../chat/index.ts";

interface BansDialogProps {
  readonly conversation: Conversation;
  readonly onClose: () => void;
}

/** Who may not come back, and the way to let them. */
export function BansDialog({ conversation: { id }, onClose }: BansDialogProps) {
  const { api } = useSession();
  const { loaded, reload } = useLoaded(() => api.call("listBans", { conversationId: id, limit: 200 }), [api, id]);
  return (
    <Dialog title="Banned people" description="They cannot join, or be added." isOpen onClose={onClose}>
      {loaded.status === "failed" && <ErrorNotice>{loaded.detail}</ErrorNotice>}
      {loaded.status === "ready" && loaded.value.items.length === 0 && (
        <p className="py-3 text-small text-soft">Nobody is banned.</p>
      )}
      <ul aria-label="Banned" className="mt-2">
        {loaded.status === "ready" &&
          loaded.value.items.map((ban) => <Item key={ban.userId} conversationId={id} ban={ban} onLifted={reload} />)}
      </ul>
    </Dialog>
  );
}

interface ItemProps {
  readonly conversationId: Conversation["id"];
  readonly ban: Ban;
  readonly onLifted: () => void;
}

function Item({ conversationId, ban: { userId }, onLifted }: ItemProps) {
  const { api } = useSession();
  const { loaded } = useLoaded(() => api.call("getUser", { userId }), [api, userId]);
  const name = loaded.status === "ready" ? loaded.value.user.displayName : "…";
  const lift = useAction(async () => {
    await api.call("unbanMember", { conversationId, userId });
    onLifted();
  });
  return (
    <li className="flex min-h-12 items-center gap-3">
      <PersonAvatar id={userId} size="small" />
      <span className="min-w-0 flex-1 truncate text-small">{name}</span>
      {lift.failure !== undefined && <ErrorNotice>{lift.failure}</ErrorNotice>}
      <Button look="quiet" isBusy={lift.isBusy} onClick={() => lift.run()}>
        Unban
      </Button>
    </li>
  );
}
