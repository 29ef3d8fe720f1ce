import { type Identity, limits, type Provider } from "@hubbub/contract";
import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { formatBriefly } from "../../ui/dates.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useProviders, useSession } from "../auth/index.ts";
import { useAction, useLoaded } from "../chat/index.ts";
import { readLinkOutcome } from "./link-outcome.ts";
import { Loading } from "./loading.tsx";
import { Saved } from "./saved.tsx";
import { useConfirmedSubmission } from "./use-confirmed-submission.tsx";

/** The accounts elsewhere by which one signs in here; nothing where the server has no providers and one has none. */
export function LinkedAccountsPart() {
  const { api } = useSession();
  const providers = useProviders();
  const { loaded, reload } = useLoaded(() => api.call("listIdentities", { limit: limits.page.most }), [api]);
  const [outcome] = useState(readLinkOutcome);
  useEffect(() => {
    if (outcome !== undefined) history.replaceState(null, "", location.pathname);
  }, [outcome]);
  if (loaded.status === "loading") return <Loading />;
  if (loaded.status === "failed") return <ErrorNotice>{loaded.detail}</ErrorNotice>;
  const { items } = loaded.value;
  const nameOf = (id: string): string => providers.find((each) => each.id === id)?.name ?? id;
  const others = providers.filter(({ id }) => !items.some(({ provider }) => provider === id));
  if (items.length === 0 && others.length === 0) return null;
  return (
    <section aria-labelledby="linked-accounts">
      <h3 id="linked-accounts" className="font-semibold">
        Linked accounts
      </h3>
      <p className="mt-1 text-small text-soft">Accounts elsewhere that you can sign in with here.</p>
      {outcome?.kind === "linked" && <Saved text={`${nameOf(outcome.provider)} is linked now.`} />}
      {outcome?.kind === "failed" && <ErrorNotice>{outcome.why}</ErrorNotice>}
      <ul aria-label="Linked accounts" className="mt-2 divide-y divide-line">
        {items.map((identity) => (
          <Linked key={identity.provider} identity={identity} name={nameOf(identity.provider)} onUnlinked={reload} />
        ))}
        {others.map((provider) => (
          <Unlinked key={provider.id} provider={provider} />
        ))}
      </ul>
    </section>
  );
}

interface LinkedProps {
  readonly identity: Identity;
  readonly name: string;
  readonly onUnlinked: () => void;
}

function Linked({ identity: { provider, email, createdAt }, name, onUnlinked }: LinkedProps) {
  const { api } = useSession();
  const { run, isBusy, failure } = useAction(async () => {
    await api.call("unlinkIdentity", { provider });
    onUnlinked();
  });
  return (
    <li className="py-2">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium text-small">{name}</p>
          <p className="truncate text-caption text-faint">
            {email ?? "Linked"} · since {formatBriefly(new Date(createdAt), new Date())}
          </p>
        </div>
        <Button look="danger" aria-label={`Unlink ${name}`} isBusy={isBusy} onClick={() => run()}>
          Unlink
        </Button>
      </div>
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
    </li>
  );
}

function Unlinked({ provider: { id, name } }: { readonly provider: Provider }) {
  const { api } = useSession();
  const { errors, isBusy, onSubmit, passwordField } = useConfirmedSubmission([], async (_form, confirmation) => {
    const answer = await api.call("linkIdentity", { provider: id, ...confirmation });
    if ("authorizationUrl" in answer) location.assign(answer.authorizationUrl);
  });
  return (
    <li className="py-2">
      <form onSubmit={onSubmit} className="flex flex-col gap-3">
        {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
        {passwordField}
        <div className="flex items-center gap-3">
          <div className="min-w-0 flex-1">
            <p className="truncate font-medium text-small">{name}</p>
            <p className="text-caption text-faint">Not linked</p>
          </div>
          <Button type="submit" aria-label={`Link ${name}`} isBusy={isBusy}>
            Link
          </Button>
        </div>
      </form>
    </li>
  );
}
