import { limits, type RegistrationInvite } from "@hubbub/contract";
import { Check, Copy, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { formatDay, formatFull } from "../../ui/dates.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { textOf, useFormSubmission, useSession } from "../auth/index.ts";
import { useAction, useLoaded } from "../chat/index.ts";
import { Loading } from "./loading.tsx";

const expiries = [
  { value: "24", label: "In a day" },
  { value: "168", label: "In a week" },
  { value: "720", label: "In 30 days" },
] as const;

const uses = [
  { value: "1", label: "One person" },
  { value: "10", label: "10 people" },
  { value: "100", label: "100 people" },
] as const;

/** For whoever runs the server: the links by which others may make an account. */
export function InvitationsSection() {
  const { api } = useSession();
  const [token, setToken] = useState<string>();
  const { loaded, reload } = useLoaded(() => api.call("listRegistrationInvites", { limit: limits.page.most }), [api]);
  const { errors, isBusy, onSubmit } = useFormSubmission([], async (form) => {
    const answer = await api.call("createRegistrationInvite", {
      expiresInHours: Number(textOf(form, "hours")),
      maxUses: Number(textOf(form, "uses")),
    });
    setToken(answer.token);
    reload();
  });
  return (
    <div className="flex flex-col gap-4">
      <p className="text-small text-soft">
        Whoever has such a link may make an account, also where that is not open to everyone.
      </p>
      <form onSubmit={onSubmit} className="flex flex-col gap-3">
        {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
        <SelectField label="Expires" name="hours" defaultValue="168" choices={expiries} />
        <SelectField label="Good for" name="uses" defaultValue="1" choices={uses} />
        <Button type="submit" look="primary" isBusy={isBusy} className="self-start">
          Create invitation
        </Button>
      </form>
      {token !== undefined && <NewLink key={token} address={`${location.origin}/signup#invite=${token}`} />}
      {loaded.status === "loading" && <Loading />}
      {loaded.status === "failed" && <ErrorNotice>{loaded.detail}</ErrorNotice>}
      {loaded.status === "ready" && loaded.value.items.length > 0 && (
        <ul aria-label="Invitations" className="divide-y divide-line">
          {loaded.value.items.map((invite) => (
            <Item key={invite.id} invite={invite} onRevoked={reload} />
          ))}
        </ul>
      )}
    </div>
  );
}

function NewLink({ address }: { readonly address: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <div role="status" className="rounded-medium bg-accent-wash p-3">
      <p className="text-small">Copy the link now. It is not shown again.</p>
      <div className="mt-1 flex items-center gap-1">
        <input
          aria-label="Link"
          readOnly
          value={address}
          onFocus={(focus) => focus.target.select()}
          className="block h-10 w-full min-w-0 truncate bg-transparent text-small"
        />
        <IconButton
          label={isCopied ? "Copied" : "Copy link"}
          onClick={() => void navigator.clipboard.writeText(address).then(() => setCopied(true))}
        >
          {isCopied ? <Check size={17} /> : <Copy size={17} />}
        </IconButton>
      </div>
    </div>
  );
}

interface ItemProps {
  readonly invite: RegistrationInvite;
  readonly onRevoked: () => void;
}

function Item({ invite: { id, createdAt, expiresAt, uses: used, maxUses }, onRevoked }: ItemProps) {
  const { api } = useSession();
  const { run, isBusy, failure } = useAction(async () => {
    await api.call("revokeRegistrationInvite", { inviteId: id });
    onRevoked();
  });
  const ends = new Date(expiresAt);
  return (
    <li className="py-2">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium text-small">{`Used ${used} of ${maxUses}`}</p>
          <p className="truncate text-caption text-faint" title={formatFull(ends)}>
            Good until {formatDay(ends, new Date())}
          </p>
        </div>
        <IconButton
          label={`Revoke the invitation of ${formatFull(new Date(createdAt))}`}
          disabled={isBusy}
          onClick={() => run()}
        >
          <Trash2 size={17} />
        </IconButton>
      </div>
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
    </li>
  );
}
