import type { SearchInput } from "./use-search.ts";

export type Has = NonNullable<SearchInput["has"]>;

/** What a message may have, as it is typed after `has:`, and in words. */
export const hasWords: Readonly<Record<Has, string>> = {
  link: "A link",
  media: "Any file",
  image: "A picture",
  video: "A video",
  audio: "A sound",
  file: "Another file",
};

export const isHas = (typed: string): typed is Has => Object.hasOwn(hasWords, typed);
