import type { Audience, PrivacySetting } from "@hubbub/contract";
import { useEffect, useState } from "react";
import { ErrorNotice } from "../../ui/notice.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { useAction, useChat, useChatStore } from "../chat/index.ts";
import { Loading } from "./loading.tsx";

const audiences: readonly { readonly value: Audience; readonly label: string }[] = [
  { value: "everyone", label: "Everyone" },
  { value: "friends", label: "Friends" },
  { value: "nobody", label: "Nobody" },
];

const rows: readonly { readonly setting: PrivacySetting; readonly label: string; readonly hint: string }[] = [
  { setting: "writeToMe", label: "Who may write to me", hint: "In a conversation of two." },
  { setting: "addMe", label: "Who may add me to groups", hint: "The others can invite you." },
  { setting: "seePresence", label: "Who sees whether I am there", hint: "And when I was there last, and my status." },
  { setting: "seeReceipts", label: "Who sees what I have read", hint: "The marks beside their messages." },
  { setting: "findMe", label: "Who finds me", hint: "By name or e-mail address." },
];

export function PrivacySection() {
  const privacy = useChat((chat) => chat.people?.settings.privacy);
  if (privacy === undefined) return <Loading />;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-small text-soft">What you choose holds at once. Whom you blocked it never includes.</p>
      {rows.map((row) => (
        <AudienceRow key={row.setting} {...row} stored={privacy[row.setting]} />
      ))}
    </div>
  );
}

interface AudienceRowProps {
  readonly setting: PrivacySetting;
  readonly label: string;
  readonly hint: string;
  readonly stored: Audience;
}

function AudienceRow({ setting, label, hint, stored }: AudienceRowProps) {
  const store = useChatStore();
  const [chosen, setChosen] = useState<Audience>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is stored, here or elsewhere, replaces what was chosen
  useEffect(() => setChosen(undefined), [stored]);
  const { run, isBusy, failure } = useAction(async (audience: Audience) => {
    setChosen(audience);
    try {
      await store.people.updateSettings({ privacy: { [setting]: audience } });
    } catch (error) {
      setChosen(undefined);
      throw error;
    }
  });
  return (
    <div>
      <SelectField
        label={label}
        hint={hint}
        value={chosen ?? stored}
        choices={audiences}
        disabled={isBusy}
        onChoose={run}
      />
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
    </div>
  );
}
