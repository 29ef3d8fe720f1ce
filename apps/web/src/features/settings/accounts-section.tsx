import { HubbubError } from "@hubbub/client";
import type { Account } from "@hubbub/contract";
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textOf, useSession, useSessionState } from "../auth/index.ts";
import { useAction } from "../chat/index.ts";
import { Loading } from "./loading.tsx";

interface Found {
  readonly query: string;
  readonly items: readonly Account[];
  readonly nextCursor: string | null;
}

/** Everyone with an account, for those who run the server. */
export function AccountsSection() {
  const { api } = useSession();
  const [found, setFound] = useState<Found>();
  const [failure, setFailure] = useState<string>();
  const look = useCallback(
    async (query: string, after?: Found) => {
      try {
        const cursor = after?.nextCursor ?? undefined;
        const page = await api.call("listAccounts", { ...(query !== "" && { query }), ...(cursor && { cursor }) });
        setFound({ ...page, query, items: [...(after?.items ?? []), ...page.items] });
        setFailure(undefined);
      } catch (error) {
        setFailure(error instanceof HubbubError ? error.detail : "The list could not be loaded.");
      }
    },
    [api],
  );
  useEffect(() => void look(""), [look]);
  const search = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void look(textOf(new FormData(event.currentTarget), "query").trim());
  };
  const replace = (id: string, account: Account | undefined): void => {
    if (found === undefined) return;
    const items = found.items.flatMap((each) => (each.id === id ? (account ?? []) : each));
    setFound({ ...found, items });
  };
  return (
    <div className="flex flex-col gap-4">
      <form onSubmit={search} className="flex items-end gap-2">
        <TextField label="Name or e-mail address" name="query" type="search" className="min-w-0 flex-1" />
        <Button type="submit">Search</Button>
      </form>
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      {found === undefined && failure === undefined && <Loading />}
      {found?.items.length === 0 && <p className="text-small text-soft">Nobody has such a name or address.</p>}
      {found !== undefined && found.items.length > 0 && (
        <ul aria-label="Accounts" className="divide-y divide-line">
          {found.items.map((each) => (
            <AccountRow key={each.id} account={each} onChanged={(account) => replace(each.id, account)} />
          ))}
        </ul>
      )}
      {found?.nextCursor != null && (
        <Button className="self-start" onClick={() => void look(found.query, found)}>
          Show more
        </Button>
      )}
    </div>
  );
}

interface RowProps {
  readonly account: Account;
  /** Undefined: it is no more. */
  readonly onChanged: (account: Account | undefined) => void;
}

function AccountRow({ account, onChanged }: RowProps) {
  const { api } = useSession();
  const state = useSessionState();
  const isOwn = state.status === "signedIn" && state.user.id === account.id;
  const [isAsking, setAsking] = useState(false);
  const { id: userId, username, isAdmin, isSuspended } = account;
  const change = useAction(async (fields: { readonly isAdmin: boolean } | { readonly isSuspended: boolean }) =>
    onChanged((await api.call("updateAccount", { userId, ...fields })).user),
  );
  const removal = useAction(async () => {
    await api.call("deleteAccount", { userId });
    onChanged(undefined);
  });
  const isBusy = change.isBusy || removal.isBusy;
  const failure = change.failure ?? removal.failure;
  const marks = [isOwn && "you", isAdmin && "admin", isSuspended && "suspended"].filter((mark) => mark !== false);
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="min-w-0">
        <p className="truncate font-medium text-small">
          {account.displayName} <span className="font-normal text-soft">@{username}</span>
        </p>
        <p className="truncate text-caption text-faint">{[account.email, ...marks].join(" · ")}</p>
      </div>
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      {isAsking ? (
        <div className="rounded-medium bg-danger-wash p-3">
          <p className="text-small">
            Delete @{username} for good? What they wrote stays, without their name. A suspension can be taken back.
          </p>
          <div className="mt-2 flex flex-wrap gap-2">
            <Button autoFocus onClick={() => setAsking(false)}>
              Cancel
            </Button>
            <Button look="danger" isBusy={isBusy} onClick={() => removal.run()}>
              Delete
            </Button>
          </div>
        </div>
      ) : (
        !isOwn && (
          <div className="flex flex-wrap gap-2">
            <Button disabled={isBusy} onClick={() => change.run({ isSuspended: !isSuspended })}>
              {isSuspended ? "Let in again" : "Suspend"}
            </Button>
            <Button disabled={isBusy} onClick={() => change.run({ isAdmin: !isAdmin })}>
              {isAdmin ? "Make no admin" : "Make admin"}
            </Button>
            <Button look="danger" disabled={isBusy} onClick={() => setAsking(true)}>
              Delete…
            </Button>
          </div>
        )
      )}
    </li>
  );
}
