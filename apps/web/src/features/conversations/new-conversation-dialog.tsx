import type { ConversationType, OperationRequest, User } from "@hubbub/contract";
import { Hash, User as Person, Users } from "lucide-react";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { navigate } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { type FormErrors, formErrors, noErrors } from "../auth/index.ts";
import { conversationPath, useChat, useChatStore } from "../chat/index.ts";
import { PeoplePicker } from "../people/index.ts";

const kinds = [
  { type: "direct", label: "Direct", icon: <Person size={16} />, says: "Just you and one other person." },
  {
    type: "group",
    label: "Group",
    icon: <Users size={16} />,
    says: "A few people. Newcomers see what is written from then on.",
  },
  {
    type: "channel",
    label: "Channel",
    icon: <Hash size={16} />,
    says: "A topic for many. Everyone in it sees all of it.",
  },
] as const satisfies readonly { type: ConversationType; label: string; icon: unknown; says: string }[];

export function NewConversationDialog({ onClose }: { readonly onClose: () => void }) {
  const [type, setType] = useState<ConversationType>("direct");
  const [title, setTitle] = useState("");
  const [isPublic, setPublic] = useState(false);
  const [isAnnounced, setAnnounced] = useState(false);
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const { start, isBusy, errors } = useStart(onClose);
  const ownId = useChat((chat) => chat.ownId);
  const toggle = (user: User): void => {
    if (type === "direct") {
      start({ type, memberIds: user.id === ownId ? [] : [user.id] });
      return;
    }
    const others = chosen.filter(({ id }) => id !== user.id);
    setChosen(others.length === chosen.length ? [...chosen, user] : others);
  };
  const create = (): void =>
    start({
      ...{ type, title: title.trim(), memberIds: chosen.map(({ id }) => id) },
      ...(type === "channel" && isPublic && { visibility: "public" }),
      ...(isAnnounced && { posting: "admins" }),
    });
  return (
    <Dialog title="New conversation" isOpen onClose={onClose}>
      <div role="radiogroup" aria-label="Kind" className="mt-2 grid grid-cols-3 gap-1 rounded-medium bg-canvas p-1">
        {kinds.map((kind) => (
          <label
            key={kind.type}
            className={classNames(
              "flex h-9 cursor-pointer items-center justify-center gap-1.5 rounded-small font-medium text-small",
              "has-focus-visible:outline-2 has-focus-visible:outline-accent",
              type === kind.type ? "bg-raised text-ink shadow-resting" : "text-soft hover:text-ink",
            )}
          >
            <input
              type="radio"
              name="kind"
              className="sr-only"
              checked={type === kind.type}
              onChange={() => setType(kind.type)}
            />
            {kind.icon} {kind.label}
          </label>
        ))}
      </div>
      <p className="mt-2 mb-4 text-small text-soft">{kinds.find((kind) => kind.type === type)?.says}</p>
      {errors.form !== undefined && (
        <div className="mb-3">
          <ErrorNotice>{errors.form}</ErrorNotice>
        </div>
      )}
      {type !== "direct" && (
        <TextField
          className="mb-4"
          label="Title"
          maxLength={100}
          value={title}
          onChange={(change) => setTitle(change.target.value)}
          error={errors.fields["title"]}
          autoFocus
        />
      )}
      {type === "channel" && (
        <Tick label="Public: anyone here can find and join it" isOn={isPublic} onChange={setPublic} />
      )}
      {type !== "direct" && <Tick label="Only admins write in it" isOn={isAnnounced} onChange={setAnnounced} />}
      <PeoplePicker
        chosen={type === "direct" ? [] : chosen}
        onToggle={toggle}
        exclude={(id) => type !== "direct" && id === ownId}
        isDisabled={isBusy}
      />
      {type !== "direct" && (
        <Button look="primary" className="mt-4" isBusy={isBusy} disabled={title.trim() === ""} onClick={create}>
          Create {type}
        </Button>
      )}
    </Dialog>
  );
}

interface TickProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Tick({ label, isOn, onChange }: TickProps) {
  return (
    <label className="mb-2.5 flex cursor-pointer items-center gap-2.5 text-small last-of-type:mb-4">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(change) => onChange(change.target.checked)}
        className="size-4.5 shrink-0 accent-accent"
      />
      {label}
    </label>
  );
}

/** Starts a conversation and goes to it. */
function useStart(onClose: () => void) {
  const store = useChatStore();
  const [errors, setErrors] = useState<FormErrors>(noErrors);
  const [isBusy, setBusy] = useState(false);
  const run = async (input: OperationRequest<"createConversation">): Promise<void> => {
    setErrors(noErrors);
    setBusy(true);
    try {
      const { id } = await store.createConversation(input);
      onClose();
      navigate(conversationPath(id));
    } catch (error) {
      setErrors(formErrors(error, ["title"]));
      setBusy(false);
    }
  };
  return { start: (input: OperationRequest<"createConversation">) => void run(input), isBusy, errors };
}
