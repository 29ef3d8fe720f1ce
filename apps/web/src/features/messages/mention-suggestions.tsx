import type { ConversationState } from "@hubbub/client";
import { limits, type User } from "@hubbub/contract";
import { Users as Everyone } from "lucide-react";
import {
  type KeyboardEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useState,
} from "react";
import { PersonAvatar } from "../avatars/index.ts";
import { useChat, useChatStore } from "../conversations/index.ts";
import { usePeopleSearch } from "../people/index.ts";
import { callable, mayCallEveryone } from "./mentions.ts";

/** Offered at once. */
const most = 8;

/** What the text area hands on while suggestions are open. */
export interface SuggestionKeys {
  /** @returns whether the key was meant for the suggestions */
  press(key: KeyboardEvent): boolean;
}

interface MentionSuggestionsProps {
  readonly ref: Ref<SuggestionKeys>;
  readonly id: string;
  readonly state: ConversationState;
  /** What was written after the @. */
  readonly query: string;
  /** @param name to be written after the @ */
  readonly onPick: (name: string) => void;
  readonly onClose: () => void;
  /** Tells the id of the option that Enter picks. */
  readonly onActive: (optionId: string | undefined) => void;
}

/** Members whose name begins with what is written; the focus stays in the text. */
export function MentionSuggestions({ ref, id, state, query, onPick, onClose, onActive }: MentionSuggestionsProps) {
  const options = useOptions(state, query);
  const [active, setActive] = useState(0);
  const index = Math.min(active, options.length - 1);
  const optionId = (name: string): string => `${id}-${name}`;
  const activeName = options[index]?.name;
  // in the same frame: what is marked and what a screen reader is told are one
  useLayoutEffect(() => {
    onActive(activeName === undefined ? undefined : `${id}-${activeName}`);
    return () => onActive(undefined);
  }, [onActive, id, activeName]);
  useImperativeHandle(ref, () => ({
    press({ key }) {
      if (activeName === undefined) return false;
      if (key === "ArrowDown") setActive((index + 1) % options.length);
      else if (key === "ArrowUp") setActive((index + options.length - 1) % options.length);
      else if (key === "Enter" || key === "Tab") onPick(activeName);
      else if (key === "Escape") onClose();
      else return false;
      return true;
    },
  }));
  return (
    <>
      <p role="status" className="sr-only">
        {options.length === 0 ? "" : `${options.length} to mention. Up and down choose, Enter picks.`}
      </p>
      {options.length > 0 && (
        <div
          id={id}
          role="listbox"
          aria-label="People to mention"
          className="absolute inset-x-0 bottom-full z-10 mb-1 max-h-72 animate-arrive overflow-y-auto rounded-medium border border-line bg-raised p-1 shadow-floating"
        >
          {options.map((option, at) => (
            <div
              key={option.name}
              id={optionId(option.name)}
              role="option"
              aria-selected={at === index}
              tabIndex={-1}
              onPointerMove={() => setActive(at)}
              // the text keeps the focus
              onMouseDown={(press) => press.preventDefault()}
              onClick={() => onPick(option.name)}
              onKeyDown={() => undefined}
              className="flex min-h-10 cursor-pointer items-center gap-2.5 rounded-small px-2 text-small aria-selected:bg-hover"
            >
              {option.user === undefined ? (
                <Everyone size={18} aria-hidden="true" className="mx-1.25 text-soft" />
              ) : (
                <PersonAvatar size="small" id={option.user.id} known={option.user} />
              )}
              <span className="truncate font-medium">{option.user?.displayName ?? "Everyone"}</span>
              <span className="truncate text-faint">@{option.name}</span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}

interface Option {
  readonly name: string;
  /** Undefined: everyone. */
  readonly user: User | undefined;
}

function useOptions(state: ConversationState, query: string): readonly Option[] {
  const store = useChatStore();
  const ownId = useChat((chat) => chat.ownId);
  const users = useChat((chat) => chat.users);
  const { conversation, members } = state;
  const { id, memberCount } = conversation;
  const isListable = memberCount <= limits.groupMembers;
  useEffect(() => {
    // without them whoever is known is offered; the server leaves out who is no member
    if (members === undefined && isListable) store.loadMembers(id).catch(() => undefined);
  }, [store, id, members, isListable]);
  const search = usePeopleSearch(isListable ? "" : query);
  return useMemo(() => {
    const found = !isListable && search.status === "found" ? search.people : [];
    const known = new Map([...callable(state, users), ...found].map((user) => [user.id, user]));
    const people = [...known.values()].filter((user) => user.id !== ownId && begins(user, query));
    people.sort((a, b) => a.displayName.localeCompare(b.displayName));
    const offersEveryone =
      mayCallEveryone(conversation) && memberCount > 2 && "everyone".startsWith(query.toLowerCase());
    return [
      ...people.map((user): Option => ({ name: user.username, user })),
      ...(offersEveryone ? [{ name: "everyone", user: undefined }] : []),
    ].slice(0, most);
  }, [state, users, ownId, query, conversation, memberCount, isListable, search]);
}

/** Whether a word of someone's name, or their username, begins with what is written. */
function begins({ username, displayName }: User, query: string): boolean {
  const wanted = query.toLocaleLowerCase();
  return [username, ...displayName.split(/\s+/)].some((name) => name.toLocaleLowerCase().startsWith(wanted));
}
