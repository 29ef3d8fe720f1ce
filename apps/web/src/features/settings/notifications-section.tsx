import type { Notifications } from "@hubbub/contract";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { type DeviceAlerts, turnAlerts, useDeviceAlerts } from "../alerts/index.ts";
import { useAction, useChat, useChatStore } from "../chat/index.ts";
import { Loading } from "./loading.tsx";

const levels: readonly { readonly value: Notifications["notify"]; readonly label: string }[] = [
  { value: "all", label: "All messages" },
  { value: "mentions", label: "Mentions" },
  { value: "nothing", label: "Nothing" },
];

const previews = [
  { value: "shown", label: "Shown" },
  { value: "hidden", label: "Hidden" },
] as const;

export function NotificationsSection() {
  const store = useChatStore();
  const notifications = useChat((chat) => chat.people?.settings.notifications);
  const { run, isBusy, failure } = useAction((change: Partial<Notifications>) =>
    store.people.updateSettings({ notifications: change }),
  );
  if (notifications === undefined) return <Loading />;
  return (
    <div className="flex flex-col gap-4">
      <OnThisDevice />
      <SelectField
        label="Alert me of"
        hint="A conversation may have its own choice."
        value={notifications.notify}
        choices={levels}
        disabled={isBusy}
        onChoose={(notify) => run({ notify })}
      />
      <SelectField
        label="What was written"
        hint="In an alert, where others may see it."
        value={notifications.preview ? "shown" : "hidden"}
        choices={previews}
        disabled={isBusy}
        onChoose={(choice) => run({ preview: choice === "shown" })}
      />
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
    </div>
  );
}

const says: Readonly<Record<DeviceAlerts, string>> = {
  unsupported: "This browser offers none here. They need HTTPS.",
  undecided: "The browser will ask whether Hubbub may show them.",
  blocked: "The browser does not let Hubbub show them. Its settings for this site can change that.",
  on: "Shown while you look elsewhere.",
  off: "Not shown here.",
};

function OnThisDevice() {
  const alerts = useDeviceAlerts();
  const { run, isBusy } = useAction(turnAlerts);
  const isOn = alerts === "on";
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <div className="min-w-40 grow-[999] basis-40">
        <p className="font-medium text-small">On this device</p>
        <p role="status" className="text-caption text-faint">
          {says[alerts]}
        </p>
      </div>
      {(isOn || alerts === "off" || alerts === "undecided") && (
        <Button look={isOn ? "outlined" : "primary"} isBusy={isBusy} onClick={() => run(!isOn)}>
          {isOn ? "Turn off" : "Turn on"}
        </Button>
      )}
    </div>
  );
}
