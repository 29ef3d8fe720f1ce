/** What is looked for, as it is typed: words, and filters such as `from:anna` or `in:"Summer plans"`. */
export interface SearchQuery {
  /** What the messages say; quotation marks stay, for the server reads them. */
  readonly text: string;
  /** Of several with one name the last one counts. */
  readonly filters: SearchFilters;
}

export const filterNames = ["from", "in", "after", "before", "has"] as const;
export type FilterName = (typeof filterNames)[number];
export type SearchFilters = Readonly<Partial<Record<FilterName, string>>>;

/** A filter, its value in quotation marks or up to a space; words in quotation marks; or a word. */
const token = /(from|in|after|before|has):(?:"([^"]*)"?|(\S+))|"[^"]*"?|\S+/giu;

export function parseQuery(typed: string): SearchQuery {
  const words: string[] = [];
  const filters: Partial<Record<FilterName, string>> = {};
  for (const [whole, name, quoted, plain] of typed.matchAll(token)) {
    const known = filterNames.find((each) => each === name?.toLowerCase());
    const value = (quoted ?? plain ?? "").trim();
    if (known === undefined) words.push(whole);
    else if (value !== "") filters[known] = value;
  }
  return { text: words.join(" "), filters };
}

export function formatQuery({ text, filters }: SearchQuery): string {
  const typed = filterNames.flatMap((name) => {
    const value = filters[name];
    if (value === undefined) return [];
    return [`${name}:${/\s/u.test(value) ? `"${value.replaceAll('"', "")}"` : value}`];
  });
  return [text, ...typed].filter((part) => part !== "").join(" ");
}

/** Sets a filter, or takes it away. */
export function withFilter(query: SearchQuery, name: FilterName, value: string | undefined): SearchQuery {
  const { [name]: _, ...others } = query.filters;
  return { ...query, filters: value === undefined || value === "" ? others : { ...others, [name]: value } };
}
