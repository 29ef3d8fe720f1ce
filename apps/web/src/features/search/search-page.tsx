import { ArrowLeft, ListFilter, Search as SearchIcon, SearchX, TextSearch, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { useDocumentTitle } from "../../ui/document-title.ts";
import { Link, navigate, useSearchParameter } from "../../ui/navigation.tsx";
import { EmptyState, ErrorNotice } from "../../ui/notice.tsx";
import { useSession } from "../auth/index.ts";
import { searchPath, useChat, useChatStore } from "../chat/index.ts";
import { titleOf } from "../conversations/index.ts";
import { resolveQuery } from "./resolve-query.ts";
import { SearchFilterForm } from "./search-filter-form.tsx";
import { SearchHitItem } from "./search-hit-item.tsx";
import { type FilterName, filterNames, formatQuery, parseQuery, type SearchQuery, withFilter } from "./search-query.ts";
import { type Search, useSearch } from "./use-search.ts";

/** Typing rests this long before the address tells of it, milliseconds. */
const addressAfter = 200;

/** Messages found in all of one's conversations. What is asked stands in the address, so that going back finds it again. */
export function SearchPage() {
  const { api } = useSession();
  const store = useChatStore();
  const asked = useSearchParameter("q") ?? "";
  const [typed, setTyped] = useState(asked === "" ? "" : `${asked} `);
  const [hasForm, setForm] = useState(false);
  const key = typed.trim();
  useDocumentTitle("Search");
  // The address follows what is typed, and what is typed an address that was gone to.
  const shown = useRef(key);
  useEffect(() => {
    if (asked === shown.current) return;
    shown.current = asked;
    setTyped(asked);
  }, [asked]);
  useEffect(() => {
    if (key === shown.current) return;
    // browsers allow few changes of the address a second
    const timer = setTimeout(() => {
      shown.current = key;
      navigate(searchPath(key), { replace: true });
    }, addressAfter);
    return () => clearTimeout(timer);
  }, [key]);
  const query = useMemo(() => parseQuery(key), [key]);
  const ask = useCallback(
    () =>
      resolveQuery(
        query,
        store.getSnapshot(),
        async (username) => (await api.call("getUserByUsername", { username })).user,
      ),
    [query, store, api],
  );
  const search = useSearch(ask, key);
  const input = useRef<HTMLInputElement>(null);
  const results = useRef<HTMLUListElement>(null);
  useEffect(() => input.current?.focus(), []);
  const change = (changed: SearchQuery): void => setTyped(formatQuery(changed));
  const toResults = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    results.current?.querySelector("a")?.focus();
  };
  return (
    <section aria-label="Search" className="flex h-full min-h-0 flex-col">
      <header className="flex shrink-0 flex-col gap-2.5 border-line border-b px-2 py-2 md:px-4">
        <div className="flex items-center gap-1.5">
          <Link
            to="/"
            aria-label="Back to conversations"
            className="flex size-10 shrink-0 items-center justify-center rounded-medium text-soft hover:bg-hover md:hidden"
          >
            <ArrowLeft size={20} />
          </Link>
          <div className="relative min-w-0 flex-1">
            <SearchIcon
              size={17}
              aria-hidden="true"
              className="pointer-events-none absolute inset-y-0 left-3 my-auto text-faint"
            />
            <input
              ref={input}
              type="search"
              aria-label="Search messages"
              placeholder="Search messages"
              autoComplete="off"
              spellCheck={false}
              maxLength={400}
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
              onKeyDown={toResults}
              className="h-10 w-full rounded-medium border border-edge bg-raised pr-2 pl-9.5 placeholder:text-faint"
            />
          </div>
          <IconButton
            label="Filters"
            aria-expanded={hasForm}
            onClick={() => setForm(!hasForm)}
            className={classNames(hasForm && "bg-hover text-ink")}
          >
            <ListFilter size={19} />
          </IconButton>
        </div>
        {hasForm ? <SearchFilterForm query={query} onChange={change} /> : <Chips query={query} onChange={change} />}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Results query={query} search={search}>
          <ul ref={results} aria-label="Found messages" onKeyDown={(event) => moveFocus(event, input.current)}>
            {search.answer?.hits.map((hit) => (
              <SearchHitItem key={hit.message.id} hit={hit} />
            ))}
          </ul>
        </Results>
      </div>
    </section>
  );
}

/** The arrows go from one result to the next, and from the first back to what is typed. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>, input: HTMLElement | null): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...event.currentTarget.querySelectorAll("a")];
  const at = links.findIndex((link) => link.matches(":focus"));
  if (at < 0) return;
  event.preventDefault();
  const next = event.key === "ArrowDown" ? links[at + 1] : (links[at - 1] ?? input);
  next?.focus();
}

const labels: Readonly<Record<FilterName, string>> = {
  from: "From",
  in: "In",
  after: "Since",
  before: "Before",
  has: "Has",
};

interface ChipsProps {
  readonly query: SearchQuery;
  readonly onChange: (query: SearchQuery) => void;
}

function Chips({ query, onChange }: ChipsProps) {
  const conversations = useChat((chat) => chat.conversations);
  const ownId = useChat((chat) => chat.ownId);
  const active = filterNames.filter((name) => query.filters[name] !== undefined);
  if (active.length === 0) return null;
  const textOf = (name: FilterName): string => {
    const value = query.filters[name] ?? "";
    const named = [...conversations.values()].find(({ conversation }) => conversation.id === value);
    return named === undefined ? value : titleOf(named.conversation, ownId);
  };
  return (
    <ul aria-label="Filters" className="flex flex-wrap gap-1.5">
      {active.map((name) => (
        <li key={name}>
          <button
            type="button"
            aria-label={`Take away: ${labels[name]} ${textOf(name)}`}
            onClick={() => onChange(withFilter(query, name, undefined))}
            className="flex items-center gap-1 rounded-small bg-accent-wash py-1 pr-1.5 pl-2 text-small hover:bg-hover"
          >
            <span className="text-soft">{labels[name]}</span> {textOf(name)} <X size={14} />
          </button>
        </li>
      ))}
    </ul>
  );
}

interface ResultsProps {
  readonly query: SearchQuery;
  readonly search: Search;
  readonly children: ReactNode;
}

function Results({ query, search, children }: ResultsProps) {
  const { answer, isBusy, failure, again, more } = search;
  if (failure !== undefined)
    return (
      <div className="flex flex-col items-start gap-3 p-4">
        <ErrorNotice>{failure}</ErrorNotice>
        <Button onClick={again}>Try again</Button>
      </div>
    );
  if (query.text === "" && query.filters.has === undefined)
    return <Help hasFilters={Object.keys(query.filters).length > 0} />;
  if (answer === undefined) return <Placeholder />;
  if (answer.hits.length === 0 && !isBusy)
    return (
      <EmptyState icon={<SearchX size={32} />} title="Nothing was found">
        <p className="max-w-80 text-small text-soft">
          Words are found by their beginnings, in any order; between quotation marks as they stand.
        </p>
      </EmptyState>
    );
  return (
    <div aria-busy={isBusy} className={classNames(isBusy && "opacity-60 transition-opacity delay-150")}>
      <p role="status" className="sr-only">
        {isBusy
          ? "Searching…"
          : `${answer.hits.length} ${answer.hits.length === 1 ? "message" : "messages"} found${answer.nextCursor === null ? "" : ", and more"}`}
      </p>
      {children}
      {answer.nextCursor !== null && (
        <div className="flex justify-center p-4">
          <Button isBusy={isBusy} onClick={more}>
            More results
          </Button>
        </div>
      )}
    </div>
  );
}

const examples = [
  ["from:anna", "written by @anna; from:me is you"],
  ['in:"Summer plans"', "in one conversation"],
  ["after:2026-01-31", "on that day or later; before: works alike"],
  ["has:link", "with a link in it; also has:media, image, video, audio, file"],
  ['"at noon"', "these words as they stand"],
] as const;

function Help({ hasFilters }: { readonly hasFilters: boolean }) {
  return (
    <EmptyState icon={<TextSearch size={34} />} title={hasFilters ? "Which words?" : "Search your messages"}>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-left text-small">
        {examples.map(([typed, says]) => (
          <div key={typed} className="contents">
            <dt className="font-mono text-ink">{typed}</dt>
            <dd className="text-soft">{says}</dd>
          </div>
        ))}
      </dl>
    </EmptyState>
  );
}

function Placeholder() {
  return (
    <div role="status">
      <span className="sr-only">Searching…</span>
      {["w-3/5", "w-4/5", "w-1/2", "w-2/3"].map((width) => (
        <div key={width} className="flex animate-breathe gap-3 px-4 py-3">
          <div className="size-9 rounded-medium bg-hover" />
          <div className="flex-1 space-y-2 pt-1">
            <div className="h-3 w-40 rounded-small bg-hover" />
            <div className={`h-3 rounded-small bg-hover ${width}`} />
          </div>
        </div>
      ))}
    </div>
  );
}
