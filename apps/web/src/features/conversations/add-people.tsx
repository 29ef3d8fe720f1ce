import type { ConversationState } from "@hubbub/client";
import type { User, UserId } from "@hubbub/contract";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "../auth/index.ts";
import { useAction, useChatStore } from "../chat/index.ts";
import { PeoplePicker } from "../people/index.ts";

const ways = {
  add: { label: "Add", says: "They are in at once. Who does not let you add them is invited." },
  invite: { label: "Invite", says: "They are asked, and come in when they accept." },
} as const;
type Way = keyof typeof ways;

interface AddPeopleProps {
  readonly state: ConversationState;
  readonly onClose: () => void;
}

export function AddPeople({ state, onClose }: AddPeopleProps) {
  const store = useChatStore();
  const { api } = useSession();
  const [way, setWay] = useState<Way>("add");
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const { id: conversationId } = state.conversation;
  const { run, isBusy, failure } = useAction(async (ids: readonly UserId[]) => {
    if (way === "add") await store.addMembers(conversationId, ids);
    else await api.call("inviteMembers", { conversationId, userIds: [...ids] });
    onClose();
  });
  const toggle = (user: User): void => {
    const others = chosen.filter(({ id }) => id !== user.id);
    setChosen(others.length === chosen.length ? [...chosen, user] : others);
  };
  const { label, says } = ways[way];
  return (
    <Dialog title="Add people" isOpen onClose={onClose}>
      <Ways way={way} onChange={setWay} />
      <p className="mt-2 mb-4 text-small text-soft">{says}</p>
      {failure !== undefined && (
        <div className="mb-3">
          <ErrorNotice>{failure}</ErrorNotice>
        </div>
      )}
      <PeoplePicker chosen={chosen} onToggle={toggle} exclude={(id) => state.members?.has(id) ?? false} />
      <Button
        look="primary"
        className="mt-4"
        isBusy={isBusy}
        disabled={chosen.length === 0}
        onClick={() => run(chosen.map(({ id }) => id))}
      >
        {chosen.length < 2 ? label : `${label} ${chosen.length} people`}
      </Button>
    </Dialog>
  );
}

function Ways({ way, onChange }: { readonly way: Way; readonly onChange: (way: Way) => void }) {
  return (
    <div
      role="radiogroup"
      aria-label="How they come in"
      className="mt-2 grid grid-cols-2 gap-1 rounded-medium bg-canvas p-1"
    >
      {(["add", "invite"] as const).map((each) => (
        <label
          key={each}
          className={classNames(
            "flex h-9 cursor-pointer items-center justify-center rounded-small font-medium text-small",
            "has-focus-visible:outline-2 has-focus-visible:outline-accent",
            way === each ? "bg-raised text-ink shadow-resting" : "text-soft hover:text-ink",
          )}
        >
          <input type="radio" name="way" className="sr-only" checked={way === each} onChange={() => onChange(each)} />
          {ways[each].label}
        </label>
      ))}
    </div>
  );
}
