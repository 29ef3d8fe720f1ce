import { limits, type Passkey } from "@hubbub/contract";
import { KeyRound, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { formatBriefly, formatFull } from "../../ui/dates.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { deviceNameOf, makePasskey, textOf, useFormSubmission, useSession, withoutPasskeys } from "../auth/index.ts";
import { useAction, useLoaded } from "../chat/index.ts";
import { Loading } from "./loading.tsx";
import { useConfirmedSubmission } from "./use-confirmed-submission.tsx";

/** The passkeys of one's account, and a new one of this device. */
export function PasskeysPart() {
  const { api } = useSession();
  const { loaded, reload } = useLoaded(() => api.call("listPasskeys", { limit: limits.page.most }), [api]);
  return (
    <section aria-labelledby="passkeys">
      <h3 id="passkeys" className="font-semibold">
        Passkeys
      </h3>
      <p className="mt-1 text-small text-soft">
        Log in with your fingerprint, your face or your device&apos;s lock. Nothing to type, and nothing to steal.
      </p>
      {loaded.status === "loading" && <Loading />}
      {loaded.status === "failed" && <ErrorNotice>{loaded.detail}</ErrorNotice>}
      {loaded.status === "ready" && loaded.value.items.length > 0 && (
        <ul aria-label="Passkeys" className="mt-2 divide-y divide-line">
          {loaded.value.items.map((passkey) => (
            <Item key={passkey.id} passkey={passkey} onChanged={reload} />
          ))}
        </ul>
      )}
      <Add onAdded={reload} />
    </section>
  );
}

function Add({ onAdded }: { readonly onAdded: () => void }) {
  const { api } = useSession();
  const { errors, isBusy, onSubmit, passwordField } = useConfirmedSubmission([], async (_form, confirmation) => {
    const { options } = await api.call("startPasskey", confirmation);
    const credential = await makePasskey(options);
    await api.call("addPasskey", { name: deviceNameOf(navigator.userAgent), credential });
    onAdded();
  });
  const why = withoutPasskeys();
  if (why !== undefined) return <p className="mt-3 text-small text-faint">{why}</p>;
  return (
    <form onSubmit={onSubmit} className="mt-3 flex flex-col gap-3">
      {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
      {passwordField}
      <Button type="submit" isBusy={isBusy} className="self-start">
        Add a passkey
      </Button>
    </form>
  );
}

interface ItemProps {
  readonly passkey: Passkey;
  readonly onChanged: () => void;
}

function Item({ passkey, onChanged }: ItemProps) {
  const { api } = useSession();
  const [isRenaming, setRenaming] = useState(false);
  const { run, isBusy, failure } = useAction(async () => {
    await api.call("removePasskey", { passkeyId: passkey.id });
    onChanged();
  });
  if (isRenaming)
    return (
      <Rename
        passkey={passkey}
        onDone={() => {
          setRenaming(false);
          onChanged();
        }}
      />
    );
  return (
    <li className="flex flex-wrap items-center gap-3 py-2">
      <KeyRound size={20} aria-hidden="true" className="shrink-0 text-faint" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium text-small">{passkey.name}</p>
        <p className="text-caption text-faint">
          <Used passkey={passkey} />
          {passkey.backedUp && " · kept on your other devices too"}
        </p>
      </div>
      <div className="flex">
        <IconButton label={`Rename ${passkey.name}`} onClick={() => setRenaming(true)}>
          <Pencil size={17} />
        </IconButton>
        <IconButton label={`Remove ${passkey.name}`} disabled={isBusy} onClick={() => run()}>
          <Trash2 size={17} />
        </IconButton>
      </div>
      {failure !== undefined && (
        <div className="w-full">
          <ErrorNotice>{failure}</ErrorNotice>
        </div>
      )}
    </li>
  );
}

function Used({ passkey: { createdAt, lastUsedAt } }: { readonly passkey: Passkey }) {
  const when = new Date(lastUsedAt ?? createdAt);
  return (
    <span title={formatFull(when)}>
      {lastUsedAt === undefined ? "Added" : "Used"} {formatBriefly(when, new Date())}
    </span>
  );
}

function Rename({ passkey, onDone }: { readonly passkey: Passkey; readonly onDone: () => void }) {
  const { api } = useSession();
  const { errors, isBusy, onSubmit } = useFormSubmission(["name"], async (form) => {
    await api.call("renamePasskey", { passkeyId: passkey.id, name: textOf(form, "name") });
    onDone();
  });
  return (
    <li className="py-2">
      <form onSubmit={onSubmit} className="flex flex-wrap items-end gap-2">
        <TextField
          label="Name of the passkey"
          name="name"
          defaultValue={passkey.name}
          maxLength={64}
          autoFocus
          required
          error={errors.fields["name"] ?? errors.form}
          className="w-full sm:w-auto sm:flex-1"
        />
        <Button type="submit" look="primary" isBusy={isBusy}>
          Save
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </form>
    </li>
  );
}
