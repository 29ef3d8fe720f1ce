import type { Account } from "@hubbub/contract";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { formatFull } from "../../ui/dates.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession, useSessionState } from "../auth/index.ts";
import { useAction } from "../chat/index.ts";
import { SuspendForm, type Suspension } from "./suspend-form.tsx";

interface AccountRowProps {
  readonly account: Account;
  /** Undefined: it is no more. */
  readonly onChanged: (account: Account | undefined) => void;
}

type Change = { readonly isAdmin: boolean } | ({ readonly isSuspended: boolean } & Suspension);

/** Someone with an account, and what an admin can do about it. */
export function AccountRow({ account, onChanged }: AccountRowProps) {
  const { api } = useSession();
  const state = useSessionState();
  const isOwn = state.status === "signedIn" && state.user.id === account.id;
  const [asked, setAsked] = useState<"suspend" | "delete">();
  const { id: userId, username, isAdmin, isSuspended, suspension } = account;
  const change = useAction(async (fields: Change) => {
    onChanged((await api.call("updateAccount", { userId, ...fields })).user);
    setAsked(undefined);
  });
  const removal = useAction(async () => {
    await api.call("deleteAccount", { userId });
    onChanged(undefined);
  });
  const isBusy = change.isBusy || removal.isBusy;
  const failure = change.failure ?? removal.failure;
  const marks = [isOwn && "you", isAdmin && "admin", isSuspended && suspended(suspension?.until)];
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="min-w-0">
        <p className="truncate font-medium text-small">
          {account.displayName} <span className="font-normal text-soft">@{username}</span>
        </p>
        <p className="text-caption text-faint [overflow-wrap:anywhere]">
          {[account.email, ...marks].filter((mark) => mark !== false).join(" · ")}
        </p>
        {suspension?.reason !== undefined && (
          <p className="mt-0.5 text-caption text-soft [overflow-wrap:anywhere]">Suspended for: {suspension.reason}</p>
        )}
      </div>
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      {asked === "suspend" && (
        <SuspendForm
          username={username}
          isBusy={isBusy}
          onSuspend={(asIs) => change.run({ isSuspended: true, ...asIs })}
          onCancel={() => setAsked(undefined)}
        />
      )}
      {asked === "delete" && (
        <div className="rounded-medium bg-danger-wash p-3">
          <p className="text-small">
            Delete @{username} for good? What they wrote stays, without their name. A suspension can be taken back.
          </p>
          <div className="mt-2 flex flex-wrap gap-2">
            <Button autoFocus onClick={() => setAsked(undefined)}>
              Cancel
            </Button>
            <Button look="danger" isBusy={isBusy} onClick={() => removal.run()}>
              Delete
            </Button>
          </div>
        </div>
      )}
      {asked === undefined && !isOwn && (
        <div className="flex flex-wrap gap-2">
          {isSuspended ? (
            <Button disabled={isBusy} onClick={() => change.run({ isSuspended: false })}>
              Let in again
            </Button>
          ) : (
            <Button disabled={isBusy} onClick={() => setAsked("suspend")}>
              Suspend…
            </Button>
          )}
          <Button disabled={isBusy} onClick={() => change.run({ isAdmin: !isAdmin })}>
            {isAdmin ? "Make no admin" : "Make admin"}
          </Button>
          <Button look="danger" disabled={isBusy} onClick={() => setAsked("delete")}>
            Delete…
          </Button>
        </div>
      )}
    </li>
  );
}

function suspended(until: string | undefined): string {
  return until === undefined ? "suspended" : `suspended until ${formatFull(new Date(until))}`;
}
