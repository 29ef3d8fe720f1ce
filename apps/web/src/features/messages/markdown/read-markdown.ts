import { Marked, type Token, type TokenizerObject, type Tokens } from "marked";
import { linkify } from "../linkify.ts";

/** More than this is shown as it was written: reading it would hold up the page. */
const most = { length: 20_000, marks: 600, lines: 500, addresses: 100, depth: 8 };

/** What a message does not have: it is text like any other. */
const nothing = () => undefined;

const tokenizer: TokenizerObject = {
  html: nothing,
  tag: nothing,
  heading: nothing,
  lheading: nothing,
  hr: nothing,
  table: nothing,
  def: nothing,
  reflink: nothing,
  code: nothing,
  /** Only the addresses that are links without Markdown too. */
  url(source) {
    const [first] = linkify(source.slice(0, source.search(/\s|$/)));
    if (first?.href === undefined) return undefined;
    const { text, href } = first;
    return { type: "link", raw: text, href, text, tokens: [{ type: "text", raw: text, text, escaped: false }] };
  },
};

const spoiler = {
  name: "spoiler",
  level: "inline" as const,
  start: (source: string) => {
    const at = source.indexOf("||");
    return at === -1 ? undefined : at;
  },
  tokenizer(
    this: { lexer: { inlineTokens: (source: string) => Token[] } },
    source: string,
  ): Tokens.Generic | undefined {
    const [raw, text] = /^\|\|(?=\S)([^|]+)\|\|/.exec(source) ?? [];
    if (raw === undefined || text === undefined) return undefined;
    return { type: "spoiler", raw, text, tokens: this.lexer.inlineTokens(text) };
  },
};

const reader = new Marked({ gfm: true, breaks: true, tokenizer, extensions: [spoiler] });

/** The parts of a text in Markdown; undefined where there is too much of it to be read in a moment. */
export function readMarkdown(text: string): readonly Token[] | undefined {
  return isTooMuch(text) ? undefined : reader.lexer(text);
}

function isTooMuch(text: string): boolean {
  if (text.length > most.length) return true;
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  if (count(/[*_~`![\]|>\\<]/g) > most.marks || count(/\n/g) > most.lines) return true;
  if (count(/:\/\/|@|www\./g) > most.addresses) return true;
  // Each `>` or bullet before a line's first word is one level.
  for (const [lead] of text.matchAll(/^(?:[ \t]|>|[-*+](?=\s)|\d{1,9}[.)](?=\s))+/gm))
    if (lead.replace(/[ \t]|\d(?=\d)|\d(?=[.)])/g, "").length > most.depth || lead.length > 200) return true;
  return false;
}
