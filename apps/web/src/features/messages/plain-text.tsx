import type { ReactNode } from "react";
import { externalLinkProps } from "./external-link.ts";
import { linkify } from "./linkify.ts";
import { called, nameIn } from "./mentions.ts";

interface PlainTextProps {
  readonly text: string;
  /** Usernames that are marked where the text has them. */
  readonly names: ReadonlySet<string>;
}

/** A text as it was written, with its addresses as links and the people it calls marked. */
export function PlainText({ text, names }: PlainTextProps): ReactNode {
  return linkify(text).map(({ text: part, href }, index) =>
    href === undefined ? (
      markNames(part, names)
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
      <a key={index} {...externalLinkProps} href={href}>
        {part}
      </a>
    ),
  );
}

function markNames(text: string, names: ReadonlySet<string>): ReactNode {
  if (names.size === 0 || !text.includes("@")) return text;
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(called)) {
    const name = nameIn(match[1] ?? "", (each) => names.has(each));
    if (name === undefined) continue;
    if (match.index > end) parts.push(text.slice(end, match.index));
    end = match.index + 1 + name.length;
    parts.push(
      <span key={match.index} className="rounded-small bg-accent-wash px-0.5 font-medium text-accent">
        {text.slice(match.index, end)}
      </span>,
    );
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}
