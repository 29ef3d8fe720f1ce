/** The terms of a query: what stands between quotation marks, and words. Folded as the database folds texts. */
export function searchTerms(query: string): string[] {
  const terms = [...query.matchAll(/"([^"]*)"|[^\s"]+/gu)].map(([whole, quoted]) => fold(quoted ?? whole).trim());
  return [...new Set(terms)].filter((term) => term !== "");
}

/** As `search_fold` of the database does, but for composing again: both sides of a comparison here are folded alike. */
function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036F\u0610-\u061A\u064B-\u065F\u0670]/g, "")
    .toLowerCase();
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where the terms stand in a text, in UTF-16 units of it, ascending and apart from each other. */
export function highlightsOf(text: string, terms: readonly string[]): Range[] {
  const { folded, origins } = foldWithOrigins(text);
  const found = terms.flatMap((term) =>
    placesOf(folded, term).map((at) => ({
      from: origins[at] ?? 0,
      to: endOf(text, origins, at + term.length),
    })),
  );
  const ranges: { from: number; to: number }[] = [];
  for (const range of found.sort((a, b) => a.from - b.from)) {
    const last = ranges.at(-1);
    if (last !== undefined && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else ranges.push(range);
  }
  return ranges;
}

/** Folds each code point by itself, and tells of each unit of the outcome where in the text it comes from. */
function foldWithOrigins(text: string): { readonly folded: string; readonly origins: readonly number[] } {
  const pieces: string[] = [];
  const origins: number[] = [];
  let at = 0;
  for (const character of text) {
    const piece = fold(character);
    pieces.push(piece);
    for (const _ of piece.split("")) origins.push(at);
    at += character.length;
  }
  return { folded: pieces.join(""), origins };
}

/** Up to the character from which the next unit comes, so that accents and what one character became stay whole. */
function endOf(text: string, origins: readonly number[], unit: number): number {
  const last = origins[unit - 1];
  const next = origins.slice(unit).find((origin) => origin !== last);
  return next ?? text.length;
}

const continues = /[\p{L}\p{N}]/u;
const unspaced =
  /[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u1100-\u11FF\u2190-\u2BFF\u2E80-\uA4CF\uF900-\uFAFF\u{1F000}-\u{3FFFF}]/u;

/** A term begins where a word does, but where its script has no spaces. */
function placesOf(folded: string, term: string): number[] {
  const places: number[] = [];
  const anywhere = unspaced.test(String.fromCodePoint(term.codePointAt(0) ?? 0)) || !continues.test(term);
  for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + term.length)) {
    if (anywhere || !continues.test(characterBefore(folded, at))) places.push(at);
  }
  return places;
}

function characterBefore(text: string, at: number): string {
  return Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? "";
}

/** Whether the index's keys alone do not say that a text has this term: marks, several keys in a row, and long ones. */
export function mustBeCompared(term: string): boolean {
  return term.length > 64 || unspaced.test(term) || !/^[\p{L}\p{N}]+$/u.test(term);
}
