import type { User, UserId } from "@hubbub/contract";
import { Check, X } from "lucide-react";
import { useState } from "react";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { PersonAvatar } from "../avatars/index.ts";
import { usePeopleSearch } from "./use-people-search.ts";

interface PeoplePickerProps {
  readonly chosen: readonly User[];
  readonly onToggle: (user: User) => void;
  /** Who is not offered. */
  readonly exclude: (id: UserId) => boolean;
  readonly isDisabled?: boolean;
}

/** Finds people by name and picks some of them. */
export function PeoplePicker({ chosen, onToggle, exclude, isDisabled = false }: PeoplePickerProps) {
  const [query, setQuery] = useState("");
  const search = usePeopleSearch(query);
  const people = search.status === "found" ? search.people.filter(({ id }) => !exclude(id)) : [];
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <TextField
        label="People"
        type="search"
        placeholder="Name or username"
        autoComplete="off"
        value={query}
        onChange={(change) => setQuery(change.target.value)}
        onKeyDown={(key) => {
          const [first] = people;
          if (key.key === "Enter" && !key.nativeEvent.isComposing && !isDisabled && first !== undefined)
            onToggle(first);
        }}
      />
      {chosen.length > 0 && (
        <ul aria-label="Chosen" className="mt-2 flex flex-wrap gap-1.5">
          {chosen.map((user) => (
            <li key={user.id}>
              <button
                type="button"
                aria-label={`Take ${user.displayName} out`}
                onClick={() => onToggle(user)}
                className="flex items-center gap-1 rounded-small bg-accent-wash py-1 pr-1.5 pl-2 text-small hover:bg-hover"
              >
                {user.displayName} <X size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {search.status === "failed" && (
        <div className="mt-3">
          <ErrorNotice>{search.detail}</ErrorNotice>
        </div>
      )}
      <ul aria-label="Found" className="mt-2 max-h-72 min-h-40 flex-1 overflow-y-auto">
        {people.map((user) => {
          const isChosen = chosen.some(({ id }) => id === user.id);
          return (
            <li key={user.id}>
              <button
                type="button"
                disabled={isDisabled}
                aria-pressed={isChosen}
                onClick={() => onToggle(user)}
                className="-outline-offset-2 flex min-h-12 w-full items-center gap-3 rounded-medium px-2 text-left hover:bg-hover"
              >
                <PersonAvatar id={user.id} known={user} />
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium text-small">{user.displayName}</span>
                  <span className="block truncate text-caption text-faint">@{user.username}</span>
                </span>
                {isChosen && <Check size={18} className="text-accent" />}
              </button>
            </li>
          );
        })}
        {search.status === "found" && people.length === 0 && (
          <li className="px-2 py-3 text-small text-soft">
            {query.trim() === "" ? "Nobody else is here yet." : `Nobody is called “${query.trim()}”.`}
          </li>
        )}
      </ul>
    </div>
  );
}
