import { type ChosenPresence, limits, type UserStatus } from "@hubbub/contract";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { formatTime } from "../../ui/dates.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useSession } from "../auth/index.ts";
import { useAction, useChat, usePresence } from "../chat/index.ts";
import { Loading } from "./loading.tsx";
import { Saved } from "./saved.tsx";
import { expiryOf, type StatusExpiry } from "./status-expiry.ts";

const presences: readonly { readonly value: ChosenPresence; readonly label: string; readonly says: string }[] = [
  { value: "online", label: "Online", says: "While you are here." },
  { value: "away", label: "Away", says: "Back in a while." },
  { value: "busy", label: "Busy", says: "Please do not disturb." },
  { value: "invisible", label: "Invisible", says: "Others see you as offline." },
];

const expiries: readonly { readonly value: StatusExpiry; readonly label: string }[] = [
  { value: "never", label: "Until I change it" },
  { value: "halfHour", label: "30 minutes" },
  { value: "hour", label: "1 hour" },
  { value: "fourHours", label: "4 hours" },
  { value: "today", label: "Today" },
];

export function StatusSection() {
  const ownId = useChat((chat) => chat.ownId);
  const connection = useChat((chat) => chat.connection.status);
  const now = usePresence(ownId);
  if (now !== undefined) return <StatusForm key={`${now.presence} ${now.status?.text}`} now={now} />;
  if (connection === "online") return <Loading />;
  return <p className="text-small text-soft">Your status is shown again once there is a connection.</p>;
}

function StatusForm({ now }: { readonly now: UserStatus }) {
  const { api } = useSession();
  const [presence, setPresence] = useState<ChosenPresence>(now.presence === "offline" ? "online" : now.presence);
  const [text, setText] = useState(now.status?.text ?? "");
  const [expiry, setExpiry] = useState<StatusExpiry>("never");
  const [isSaved, setSaved] = useState(false);
  const { run, isBusy, failure } = useAction(async () => {
    setSaved(false);
    const words = text.trim();
    const expiresAt = expiryOf(expiry, new Date())?.toISOString();
    await api.call("updateStatus", {
      presence,
      ...(words !== "" && { text: words }),
      ...(expiresAt !== undefined && { expiresAt }),
    });
    setSaved(true);
  });
  const submit = (submission: FormEvent): void => {
    submission.preventDefault();
    run();
  };
  const ends = now.status?.expiresAt;
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      <fieldset>
        <legend className="mb-1 font-medium text-small">Others see you as</legend>
        <div className="grid gap-1 sm:grid-cols-2">
          {presences.map(({ value, label, says }) => (
            <label
              key={value}
              className={classNames(
                "flex min-h-14 cursor-pointer flex-col justify-center rounded-medium border px-3 py-1.5",
                "has-focus-visible:outline-2 has-focus-visible:outline-accent",
                presence === value ? "border-accent bg-accent-wash" : "border-line hover:bg-hover",
              )}
            >
              <input
                type="radio"
                name="presence"
                className="sr-only"
                checked={presence === value}
                onChange={() => setPresence(value)}
              />
              <span className="font-medium text-small">{label}</span>
              <span className="text-caption text-faint">{says}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <TextField
        label="In a few words"
        placeholder="In a meeting"
        maxLength={limits.statusText}
        value={text}
        onChange={(change) => setText(change.target.value)}
        hint={ends === undefined ? undefined : `The present one ends at ${formatTime(new Date(ends))}.`}
      />
      <SelectField label="For how long" value={expiry} choices={expiries} onChoose={setExpiry} />
      <div className="flex items-center gap-3">
        <Button type="submit" look="primary" isBusy={isBusy}>
          Set status
        </Button>
        <Saved text={isSaved ? "Set." : undefined} />
      </div>
    </form>
  );
}
