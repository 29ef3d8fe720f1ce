import { useId, useState } from "react";
import { SelectField } from "../../ui/select-field.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useChat } from "../chat/index.ts";
import { listed, nameInQuery, titleOf } from "../conversations/index.ts";
import { usePeopleSearch } from "../people/index.ts";
import { hasWords } from "./has.ts";
import { type FilterName, type SearchQuery, withFilter } from "./search-query.ts";

interface SearchFilterFormProps {
  readonly query: SearchQuery;
  readonly onChange: (query: SearchQuery) => void;
}

/** The filters as fields; what is chosen stands in the query as if it had been typed. */
export function SearchFilterForm({ query, onChange }: SearchFilterFormProps) {
  const { filters } = query;
  const set = (name: FilterName, value: string): void => onChange(withFilter(query, name, value.trim()));
  return (
    <div className="grid grid-cols-1 gap-3 pb-1.5 sm:grid-cols-2 lg:grid-cols-4 xl:grid-cols-5">
      <From value={filters.from ?? ""} onChange={(value) => set("from", value)} />
      <In value={filters.in ?? ""} onChange={(value) => set("in", value)} />
      <TextField
        label="Since"
        type="date"
        value={filters.after ?? ""}
        onChange={({ target }) => set("after", target.value)}
      />
      <TextField
        label="Before"
        type="date"
        value={filters.before ?? ""}
        onChange={({ target }) => set("before", target.value)}
      />
      <SelectField
        label="With"
        value={filters.has ?? ""}
        onChoose={(value) => set("has", value)}
        choices={[
          { value: "", label: "Anything" },
          ...Object.entries(hasWords).map(([value, label]) => ({ value, label })),
        ]}
      />
    </div>
  );
}

interface FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Suggests people while someone types; a name is taken when it is left or chosen. */
function From({ value, onChange }: FieldProps) {
  const list = useId();
  const [typed, setTyped] = useState(value);
  const search = usePeopleSearch(typed);
  const people = search.status === "found" ? search.people : [];
  const take = (name: string): void => {
    setTyped(name);
    if (name === "" || people.some(({ username }) => username === name)) onChange(name);
  };
  return (
    <>
      <TextField
        label="From"
        placeholder="Username"
        autoComplete="off"
        list={list}
        value={typed}
        onChange={({ target }) => take(target.value.replace(/^@/u, ""))}
        onBlur={() => onChange(typed)}
        onKeyDown={(key) => key.key === "Enter" && onChange(typed)}
      />
      <datalist id={list}>
        {people.map(({ id, username, displayName }) => (
          <option key={id} value={username} label={displayName} />
        ))}
      </datalist>
    </>
  );
}

function In({ value, onChange }: FieldProps) {
  const conversations = useChat((chat) => chat.conversations);
  const ownId = useChat((chat) => chat.ownId);
  const { shown, archived } = listed(conversations, ownId, "");
  const choices = [...shown, ...archived].map(({ conversation }) => ({
    value: nameInQuery(conversation, conversations, ownId),
    label: titleOf(conversation, ownId),
  }));
  const isListed = value === "" || choices.some((choice) => choice.value === value);
  return (
    <SelectField
      label="In"
      value={value}
      onChoose={onChange}
      choices={[{ value: "", label: "All conversations" }, ...(isListed ? [] : [{ value, label: value }]), ...choices]}
    />
  );
}
