interface Mark {
  readonly mark: RegExp;
  /** What is left of it: groups of the expression, or a text instead. */
  readonly left: readonly number[] | string;
}

/** In the order in which they are taken away. What an expression spans is bounded: a hostile text takes no time. */
const marks: readonly Mark[] = [
  { mark: /```\w*\n?([\s\S]*?)(?:```|$)/dg, left: [1] },
  { mark: /`([^`\n]+)`/dg, left: [1] },
  // what is told only to those who ask for it is not told in passing
  { mark: /\|\|(?=\S)[^|]+\|\|/dg, left: "▇▇▇" },
  { mark: /!?\[([^\]\n]{0,400})\]\([^)\s]{0,2000}\)/dg, left: [1] },
  { mark: /(?<!\\)(\*\*|~~)(?=\S)([^\n]{0,400}?\S)\1/dg, left: [2] },
  { mark: /(^|[^\\\w*])([*_]{1,3})(?=\S)([^*_\n]{0,400}[^\\\s*_])\2(?!\w)/dg, left: [1, 3] },
  { mark: /^[ \t]*(?:>[ \t]?)+/dgm, left: [] },
  { mark: /\\([!-/:-@[-`{-~])/dg, left: [1] },
];

/** More than this is never shown of what is told in a line, UTF-16 units. */
const most = 400;

/** A text without marks. */
export interface Unmarked {
  readonly text: string;
  /** Where each of its UTF-16 units was with them; -1: nowhere. */
  readonly places: readonly number[];
}

/** A text without the marks of its Markdown, for where it is shown in passing. */
export function unmarked(text: string): Unmarked {
  return marks.reduce<Unmarked>(without, { text, places: Array.from({ length: text.length }, (_, place) => place) });
}

/** The beginning of a text without the marks of its Markdown. */
export function plainTextOf(text: string): string {
  return unmarked(text.slice(0, most)).text;
}

function without(before: Unmarked, { mark, left }: Mark): Unmarked {
  const pieces: string[] = [];
  const places: number[] = [];
  const keep = (from: number, to: number): void => {
    pieces.push(before.text.slice(from, to));
    for (let at = from; at < to; at++) places.push(before.places[at] ?? -1);
  };
  let done = 0;
  for (const { 0: whole, index, indices } of before.text.matchAll(mark)) {
    keep(done, index);
    done = index + whole.length;
    if (typeof left === "string") {
      pieces.push(left);
      places.push(...Array.from(left, () => -1));
    } else for (const group of left) keep(...(indices?.[group] ?? [done, done]));
  }
  if (done === 0) return before;
  keep(done, before.text.length);
  return { text: pieces.join(""), places };
}
