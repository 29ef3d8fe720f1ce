import { limits } from "@hubbub/contract";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { textOf } from "../auth/index.ts";

/** Days, by what they are called. */
const lengths = [
  { value: "open", label: "Until they are let in again", days: undefined },
  { value: "day", label: "For a day", days: 1 },
  { value: "week", label: "For a week", days: 7 },
  { value: "month", label: "For 30 days", days: 30 },
] as const;

const dayLength = 86_400_000;

export interface Suspension {
  readonly suspensionReason?: string;
  readonly suspendedUntil?: string;
}

interface SuspendFormProps {
  readonly username: string;
  readonly isBusy: boolean;
  readonly onSuspend: (suspension: Suspension) => void;
  readonly onCancel: () => void;
}

/** Asks for how long someone is to stay out, and what they are told. */
export function SuspendForm({ username, isBusy, onSuspend, onCancel }: SuspendFormProps) {
  const [length, setLength] = useState<(typeof lengths)[number]["value"]>("open");
  const submit = (submission: FormEvent<HTMLFormElement>): void => {
    submission.preventDefault();
    const reason = textOf(new FormData(submission.currentTarget), "reason").trim();
    const days = lengths.find(({ value }) => value === length)?.days;
    onSuspend({
      ...(reason !== "" && { suspensionReason: reason }),
      ...(days !== undefined && { suspendedUntil: new Date(Date.now() + days * dayLength).toISOString() }),
    });
  };
  return (
    <form
      onSubmit={submit}
      aria-label={`Suspend @${username}`}
      className="flex flex-col gap-3 rounded-medium bg-hover p-3"
    >
      <p className="text-small text-soft">
        @{username} is signed out everywhere and cannot come back in. What they wrote stays.
      </p>
      <SelectField label="How long" choices={lengths} value={length} onChoose={setLength} />
      <TextField
        label="Reason"
        name="reason"
        autoFocus
        maxLength={limits.suspensionReason}
        hint="Optional. They read it when they try to log in."
      />
      <div className="flex flex-wrap gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="danger" isBusy={isBusy}>
          Suspend
        </Button>
      </div>
    </form>
  );
}
