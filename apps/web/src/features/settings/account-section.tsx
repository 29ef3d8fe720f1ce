import { Download, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textOf, useSession, useSessionState } from "../auth/index.ts";
import { useAction } from "../chat/index.ts";
import { Saved } from "./saved.tsx";
import { useConfirmedSubmission } from "./use-confirmed-submission.tsx";

/** What is kept of oneself: to have, or to take away. */
export function AccountSection() {
  return (
    <>
      <OwnData />
      <Farewell />
    </>
  );
}

function OwnData() {
  const { api } = useSession();
  const [saved, setSaved] = useState<string>();
  const { run, isBusy, failure } = useAction(async () => {
    setSaved(undefined);
    save(await api.downloadOwnData(), `hubbub-${new Date().toISOString().slice(0, 10)}.json`);
    setSaved("It is among your downloads.");
  });
  return (
    <div className="flex flex-col gap-3">
      <h3 className="font-semibold text-small">Your data</h3>
      <p className="text-small text-soft">
        One file with all that is kept of you and all that you wrote: profile, settings, devices, friends,
        conversations, messages. Nothing of others is in it. Programs can read it too.
      </p>
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      <Button className="self-start" isBusy={isBusy} onClick={() => run()}>
        {!isBusy && <Download size={17} />} Download your data
      </Button>
      <Saved text={saved} />
    </div>
  );
}

function save(data: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function Farewell() {
  const [isAsking, setAsking] = useState(false);
  return (
    <div className="mt-3 flex flex-col gap-3 border-line border-t pt-5">
      <h3 className="font-semibold text-small">Delete your account</h3>
      {isAsking ? (
        <DeleteAccount onCancel={() => setAsking(false)} />
      ) : (
        <>
          <p className="text-small text-soft">
            For good: nobody can bring it back. You are told what goes and what stays before anything happens.
          </p>
          <Button look="danger" className="-ml-4 self-start" onClick={() => setAsking(true)}>
            Delete account…
          </Button>
        </>
      )}
    </div>
  );
}

function DeleteAccount({ onCancel }: { readonly onCancel: () => void }) {
  const session = useSession();
  const state = useSessionState();
  const username = state.status === "signedIn" ? state.user.username : "";
  const [isNamed, setNamed] = useState(false);
  const { errors, isBusy, onSubmit, passwordField } = useConfirmedSubmission([], (_form, confirmation) =>
    session.deleteAccount(confirmation),
  );
  return (
    <form
      onSubmit={onSubmit}
      onChange={(event) => setNamed(textOf(new FormData(event.currentTarget), "username").trim() === username)}
      className="flex flex-col gap-3 rounded-medium bg-danger-wash p-4"
    >
      <p className="flex items-center gap-2 font-semibold text-danger text-small">
        <TriangleAlert size={18} aria-hidden="true" /> This cannot be taken back
      </p>
      <ul className="flex list-disc flex-col gap-1 pl-5 text-small">
        <li>
          Your profile, settings, drafts, friends and devices go at once. Your name and e-mail address are free again.
        </li>
        <li>
          What you wrote stays with those you wrote to, as by “Deleted account”. Delete first what is not to stay.
        </li>
        <li>
          You leave all groups and channels. Those that you alone own pass to another member; those you are alone in go.
        </li>
      </ul>
      {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
      <TextField
        label="Your username, to be sure"
        hint={`Type ${username}.`}
        name="username"
        autoComplete="off"
        autoCapitalize="none"
        autoFocus
      />
      {passwordField}
      <div className="flex flex-wrap gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="danger" disabled={!isNamed} isBusy={isBusy}>
          Delete my account
        </Button>
      </div>
    </form>
  );
}
