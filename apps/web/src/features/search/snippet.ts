import { unmarked } from "../chat/index.ts";

export interface TextRange {
  /** UTF-16 units: from the first to before the last. */
  readonly from: number;
  readonly to: number;
}

/** A text without the marks of its Markdown, with its hits where they are then. A hit within a spoiler is hidden with it. */
export function plainly(text: string, highlights: readonly TextRange[]) {
  const plain = unmarked(text);
  const isHit = ({ from, to }: TextRange, at: number): boolean => {
    const place = plain.places[at] ?? -1;
    return place >= from && place < to;
  };
  const ranges = highlights.flatMap((hit): TextRange[] => {
    const from = plain.places.findIndex((_, at) => isHit(hit, at));
    const to = plain.places.findLastIndex((_, at) => isHit(hit, at)) + 1;
    return to > 0 ? [{ from, to }] : [];
  });
  return { text: plain.text, highlights: ranges };
}

export interface SnippetPart {
  readonly text: string;
  readonly isHit: boolean;
}

/** Units shown before the first hit, and in all. */
const [before, most] = [60, 280];

/** A text in parts, of which some are hits; of a long one the piece around the first. It stays text: nothing in it is markup. */
export function snippetOf(text: string, highlights: readonly TextRange[]): readonly SnippetPart[] {
  const first = highlights[0]?.from ?? 0;
  const start = text.length <= most ? 0 : wordStart(text, Math.max(0, first - before));
  const end = whole(text, Math.min(text.length, start + most));
  const parts: SnippetPart[] = start > 0 ? [{ text: "… ", isHit: false }] : [];
  let done = start;
  for (const { from, to } of highlights) {
    if (from < done || from >= end) continue;
    if (from > done) parts.push({ text: text.slice(done, from), isHit: false });
    done = Math.min(to, end);
    parts.push({ text: text.slice(from, done), isHit: true });
  }
  if (done < end) parts.push({ text: text.slice(done, end), isHit: false });
  if (end < text.length) parts.push({ text: " …", isHit: false });
  return parts;
}

/** The beginning of a word near a place, so that no letter and no surrogate pair is cut. */
function wordStart(text: string, near: number): number {
  const space = text.indexOf(" ", near);
  return near > 0 && space >= 0 && space < near + before / 2 ? space + 1 : whole(text, near);
}

function whole(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}
