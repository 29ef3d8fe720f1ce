import type { ReactNode } from "react";
import { classNames } from "../../ui/class-names.ts";
import { externalLinkProps } from "./external-link.ts";
import { linkify } from "./linkify.ts";
import { called, nameIn } from "./mentions.ts";

interface PlainTextProps {
  readonly text: string;
  /** Names that are marked where the text has them, and whether they call the one who reads. */
  readonly names: ReadonlyMap<string, boolean>;
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

function markNames(text: string, names: ReadonlyMap<string, boolean>): ReactNode {
  if (names.size === 0 || !text.includes("@")) return text;
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(called)) {
    const name = nameIn(match[1] ?? "", (each) => names.has(each));
    if (name === undefined) continue;
    if (match.index > end) parts.push(text.slice(end, match.index));
    end = match.index + 1 + name.length;
    parts.push(
      <span
        key={match.index}
        className={classNames(
          "rounded-small px-0.5 font-medium",
          names.get(name) ? "bg-notice-wash text-notice" : "bg-accent-wash text-accent",
        )}
      >
        {text.slice(match.index, end)}
      </span>,
    );
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}
