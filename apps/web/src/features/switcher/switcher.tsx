import { CornerDownLeft, Hash, TextSearch, Zap } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { classNames } from "../../ui/class-names.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { navigate } from "../../ui/navigation.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "../auth/index.ts";
import { PersonAvatar } from "../avatars/index.ts";
import { conversationPath, searchPath, useAction, useChat, useChatStore } from "../chat/index.ts";
import { ConversationAvatar, formatUnread, titleOf, useEnter } from "../conversations/index.ts";
import type { SwitcherAction, SwitcherEntry } from "./switcher-entry.ts";
import { useSwitcherEntries } from "./use-switcher-entries.ts";

interface SwitcherProps {
  readonly actions: readonly SwitcherAction[];
  readonly onClose: () => void;
}

const groups: Readonly<Record<SwitcherEntry["kind"], string>> = {
  conversation: "Conversations",
  person: "People",
  channel: "Public channels",
  action: "Actions",
  search: "Messages",
};

/** Goes anywhere by a few letters: what is typed keeps the focus, the arrows choose. */
export function Switcher({ actions, onClose }: SwitcherProps) {
  const [typed, setTyped] = useState("");
  const entries = useSwitcherEntries(typed, actions);
  const [chosenKey, setChosenKey] = useState<string>();
  const chosen = Math.max(
    0,
    entries.findIndex(({ key }) => key === chosenKey),
  );
  // where one goes takes the focus by itself
  const hasGone = useRef(false);
  const { run, isBusy, failure } = useGo(() => {
    hasGone.current = true;
    onClose();
  });
  const id = useId();
  const optionId = (index: number): string => `${id}-${index}`;
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[aria-selected="true"]`)?.scrollIntoView({ block: "nearest" });
  });
  const move = (by: number): void =>
    setChosenKey(entries[(chosen + by + entries.length) % Math.max(1, entries.length)]?.key);
  const onKey = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const entry = entries[chosen];
    if (event.key === "ArrowDown") move(+1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && entry !== undefined && !isBusy) run(entry);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Go to" isOpen onClose={onClose} focusFirst={input} givesFocusBack={() => !hasGone.current}>
      <input
        ref={input}
        role="combobox"
        aria-label="Conversation, person, channel or action"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={entries.length > 0 ? optionId(chosen) : undefined}
        aria-autocomplete="list"
        placeholder="Conversation, person, channel or action"
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setChosenKey(undefined);
        }}
        onKeyDown={onKey}
        className="mt-2 h-11 w-full shrink-0 rounded-medium border border-edge bg-surface px-3.5 placeholder:text-faint"
      />
      {failure !== undefined && <ErrorNotice>{failure}</ErrorNotice>}
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="Where to go"
        className="-mx-2 mt-2 max-h-96 min-h-40 flex-1 overflow-y-auto"
      >
        {entries.map((entry, index) => (
          <div key={entry.key} role="presentation">
            {entries[index - 1]?.kind !== entry.kind && (
              <p role="presentation" className="px-3 pt-2.5 pb-1 font-medium text-caption text-faint">
                {groups[entry.kind]}
              </p>
            )}
            {/* biome-ignore lint/a11y/useFocusableInteractive: the focus stays in what is typed */}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the input hears the keys */}
            <div
              id={optionId(index)}
              role="option"
              aria-selected={index === chosen}
              onPointerMove={() => setChosenKey(entry.key)}
              onClick={() => !isBusy && run(entry)}
              className={classNames(
                "flex min-h-11 cursor-pointer items-center gap-3 rounded-medium px-3 py-1",
                index === chosen && "bg-hover",
              )}
            >
              <EntryLine entry={entry} />
              {index === chosen && <CornerDownLeft size={15} aria-hidden="true" className="shrink-0 text-faint" />}
            </div>
          </div>
        ))}
        {entries.length === 0 && <p className="px-3 py-3 text-small text-soft">Nothing is called so.</p>}
      </div>
    </Dialog>
  );
}

function EntryLine({ entry }: { readonly entry: SwitcherEntry }): ReactNode {
  const ownId = useChat((chat) => chat.ownId);
  switch (entry.kind) {
    case "conversation": {
      const { conversation } = entry;
      const { unread } = conversation.me;
      return (
        <Line
          icon={<ConversationAvatar conversation={conversation} size="small" />}
          name={titleOf(conversation, ownId)}
        >
          {unread > 0 && (
            <span className="min-w-5 shrink-0 rounded-full bg-accent px-1.5 text-center font-semibold text-caption text-on-accent leading-5 tabular-nums">
              {formatUnread(unread)}
              <span className="sr-only"> unread</span>
            </span>
          )}
        </Line>
      );
    }
    case "person":
      return (
        <Line
          icon={<PersonAvatar id={entry.user.id} known={entry.user} size="small" />}
          name={entry.user.displayName}
          about={`@${entry.user.username}`}
        />
      );
    case "channel":
      return (
        <Line
          icon={<Icon of={<Hash size={17} />} />}
          name={entry.channel.title ?? "Unnamed channel"}
          about={entry.channel.topic ?? "Join"}
        />
      );
    case "action":
      return <Line icon={<Icon of={<Zap size={17} />} />} name={entry.action.name} />;
    case "search":
      return <Line icon={<Icon of={<TextSearch size={17} />} />} name={`Search messages for “${entry.text}”`} />;
    default:
      return entry satisfies never;
  }
}

interface LineProps {
  readonly icon: ReactNode;
  readonly name: string;
  readonly about?: string;
  readonly children?: ReactNode;
}

function Line({ icon, name, about, children }: LineProps) {
  return (
    <>
      {icon}
      <span className="min-w-0 flex-1 truncate text-small">
        {name}
        {about !== undefined && <span className="ml-2 text-caption text-faint">{about}</span>}
      </span>
      {children}
    </>
  );
}

function Icon({ of }: { readonly of: ReactNode }) {
  return (
    <span aria-hidden="true" className="flex size-7 shrink-0 items-center justify-center text-soft">
      {of}
    </span>
  );
}

/** Does what an entry stands for, and closes. */
function useGo(onClose: () => void) {
  const store = useChatStore();
  const { api } = useSession();
  const enter = useEnter();
  return useAction(async (entry: SwitcherEntry) => {
    switch (entry.kind) {
      case "conversation":
        onClose();
        return navigate(conversationPath(entry.conversation.id));
      case "person": {
        const { id } = await store.createConversation({ type: "direct", memberIds: [entry.user.id] });
        onClose();
        return navigate(conversationPath(id));
      }
      case "channel": {
        const { conversation } = await api.call("joinChannel", { conversationId: entry.channel.id });
        onClose();
        return enter(conversation);
      }
      case "action":
        onClose();
        return entry.action.act();
      case "search":
        onClose();
        return navigate(searchPath(entry.text));
      default:
        return entry satisfies never;
    }
  });
}
