/** The parts of a request's address that hubs look at. */
export interface RequestUrl {
  /** As it was sent, without the query. */
  readonly path: string;
  /**
   * Reads the query.
   * @param name a key, matched without regard to case
   * @returns its value; several values are joined by commas
   */
  query(name: string): string | undefined;
}

/**
 * Reads a request's address by hand: a missing or strange Host header makes `new URL` throw, and only the part behind
 * the host matters here.
 */
export function parseRequestUrl(address: string): RequestUrl {
  const afterScheme = address.indexOf("://");
  const start = afterScheme < 0 ? address.indexOf("/") : address.indexOf("/", afterScheme + 3);
  const pathAndQuery = start < 0 ? "/" : address.slice(start).replace(/#.*$/, "");
  const mark = pathAndQuery.indexOf("?");
  const path = mark < 0 ? pathAndQuery : pathAndQuery.slice(0, mark);
  const search = mark < 0 ? "" : pathAndQuery.slice(mark + 1);
  return { path, query: (name) => findQuery(search, name.toLowerCase()) };
}

function findQuery(search: string, name: string): string | undefined {
  if (search === "") return undefined;
  const values = [...new URLSearchParams(search)].filter(([key]) => key.toLowerCase() === name);
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(",");
}
