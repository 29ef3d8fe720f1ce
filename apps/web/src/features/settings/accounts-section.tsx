import { HubbubError } from "@hubbub/client";
import type { Account } from "@hubbub/contract";
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textOf, useSession } from "../auth/index.ts";
import { AccountRow } from "./account-row.tsx";
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
