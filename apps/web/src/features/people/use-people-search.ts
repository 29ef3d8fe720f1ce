import { HubbubError } from "@hubbub/client";
import type { User } from "@hubbub/contract";
import { useEffect, useState } from "react";
import { useSession } from "../auth/index.ts";

export type PeopleSearch =
  | { readonly status: "searching" }
  | { readonly status: "found"; readonly people: readonly User[] }
  | { readonly status: "failed"; readonly detail: string };

/** Typing rests this long before it is searched, milliseconds. */
const restFor = 180;

/** People whose names begin with the query; of an empty one, some. The last answer stays while the next is awaited. */
export function usePeopleSearch(query: string): PeopleSearch {
  const { api } = useSession();
  const [search, setSearch] = useState<PeopleSearch>({ status: "searching" });
  useEffect(() => {
    let isWanted = true;
    const run = async (): Promise<void> => {
      let result: PeopleSearch;
      try {
        const { items } = await api.call("listUsers", { query: query.trim(), limit: 30 });
        result = { status: "found", people: items };
      } catch (error) {
        result = { status: "failed", detail: error instanceof HubbubError ? error.detail : "The search failed." };
      }
      if (isWanted) setSearch(result);
    };
    const timer = setTimeout(() => void run(), query === "" ? 0 : restFor);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [api, query]);
  return search;
}
