import type { Conversation, Invite } from "@hubbub/contract";
import { Check, Copy, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { formatFull } from "../../ui/dates.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { textOf, useSession } from "../auth/index.ts";
import { invitePath, useAction, useLoaded } from "../chat/index.ts";

interface InviteLinksDialogProps {
  readonly conversation: Conversation;
  readonly onClose: () => void;
}

/** The links into a conversation: made, copied, revoked. */
export function InviteLinksDialog({ conversation: { id, type }, onClose }: InviteLinksDialogProps) {
  const { api } = useSession();
  const { loaded, reload } = useLoaded(() => api.call("listInvites", { conversationId: id, limit: 100 }), [api, id]);
  const create = useAction(async (hours: number, uses: number) => {
    await api.call("createInvite", {
      conversationId: id,
      ...(hours > 0 && { expiresInHours: hours }),
      ...(uses > 0 && { maxUses: uses }),
    });
    reload();
  });
  return (
    <Dialog title="Invite links" description={`Whoever has a link can join this ${type}.`} isOpen onClose={onClose}>
      <form
        className="mt-3 grid grid-cols-2 items-end gap-3"
        onSubmit={(submission) => {
          submission.preventDefault();
          const form = new FormData(submission.currentTarget);
          create.run(Number(textOf(form, "hours")), Number(textOf(form, "uses")));
        }}
      >
        <SelectField label="Expires" name="hours" defaultValue="168" choices={expiries} />
        <SelectField label="Uses" name="uses" defaultValue="0" choices={uses} />
        <Button type="submit" look="primary" isBusy={create.isBusy} className="col-span-2">
          Create link
        </Button>
      </form>
      {create.failure !== undefined && <ErrorNotice>{create.failure}</ErrorNotice>}
      {loaded.status === "failed" && <ErrorNotice>{loaded.detail}</ErrorNotice>}
      <ul aria-label="Links" className="mt-3">
        {loaded.status === "ready" &&
          loaded.value.items.map((invite) => <Item key={invite.token} invite={invite} onRevoked={reload} />)}
      </ul>
    </Dialog>
  );
}

const expiries = [
  { value: "1", label: "In an hour" },
  { value: "24", label: "In a day" },
  { value: "168", label: "In a week" },
  { value: "0", label: "Never" },
];

const uses = [
  { value: "0", label: "Any number" },
  { value: "1", label: "Once" },
  { value: "10", label: "10 times" },
  { value: "100", label: "100 times" },
];

function Item({ invite, onRevoked }: { readonly invite: Invite; readonly onRevoked: () => void }) {
  const { api } = useSession();
  const { token, expiresAt, maxUses } = invite;
  const [isCopied, setCopied] = useState(false);
  const address = location.origin + invitePath(token);
  const revoke = useAction(async () => {
    await api.call("revokeInvite", { token });
    onRevoked();
  });
  const used = maxUses === undefined ? `Used ${invite.uses}×` : `Used ${invite.uses} of ${maxUses}`;
  const ends = expiresAt === undefined ? "never expires" : `until ${formatFull(new Date(expiresAt))}`;
  return (
    <li className="border-line border-b py-2 last:border-b-0">
      <div className="flex items-center gap-1">
        <span className="min-w-0 flex-1">
          <input
            aria-label="Link"
            readOnly
            value={address}
            onFocus={(focus) => focus.target.select()}
            className="block w-full truncate bg-transparent text-small"
          />
          <span className="block truncate text-caption text-faint">
            {used} · {ends}
          </span>
        </span>
        <IconButton
          label={isCopied ? "Copied" : "Copy link"}
          onClick={() => void navigator.clipboard.writeText(address).then(() => setCopied(true))}
        >
          {isCopied ? <Check size={17} /> : <Copy size={17} />}
        </IconButton>
        <IconButton label="Revoke link" disabled={revoke.isBusy} onClick={() => revoke.run()}>
          <Trash2 size={17} />
        </IconButton>
      </div>
      {revoke.failure !== undefined && <ErrorNotice>{revoke.failure}</ErrorNotice>}
    </li>
  );
}
