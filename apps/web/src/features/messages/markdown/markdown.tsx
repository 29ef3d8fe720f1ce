// biome-ignore-all lint/suspicious/noArrayIndexKey: the parts of a text never move
import type { Token } from "marked";
import { type ReactNode, useMemo } from "react";
import { externalLinkProps } from "../external-link.ts";
import { PlainText } from "../plain-text.tsx";
import { CodeBlock } from "./code-block.tsx";
import { readMarkdown } from "./read-markdown.ts";
import { Spoiler } from "./spoiler.tsx";

interface MarkdownProps {
  readonly text: string;
  /** Names that are marked where the text has them, and whether they call the one who reads. */
  readonly names: ReadonlyMap<string, boolean>;
}

/** A text as its Markdown means it. Made of elements alone: no text of a message ever becomes HTML. */
export function Markdown({ text, names }: MarkdownProps) {
  const tokens = useMemo(() => readMarkdown(text), [text]);
  if (tokens === undefined)
    return (
      <p dir="auto" className="whitespace-pre-wrap">
        <PlainText text={text} names={names} />
      </p>
    );
  return <div className="space-y-1.5">{blocks(tokens, { names, mayLink: true })}</div>;
}

interface Scope {
  readonly names: ReadonlyMap<string, boolean>;
  /** There is no link within a link. */
  readonly mayLink: boolean;
}

function blocks(tokens: readonly Token[], scope: Scope): ReactNode {
  return tokens.map((token, index) => <Block key={index} token={token} scope={scope} />);
}

function inlines(tokens: readonly Token[] | undefined, scope: Scope): ReactNode {
  return tokens?.map((token, index) => <Inline key={index} token={token} scope={scope} />);
}

interface TokenProps {
  readonly token: Token;
  readonly scope: Scope;
}

function Block({ token, scope }: TokenProps) {
  switch (token.type) {
    case "space":
      return null;
    case "code":
      return <CodeBlock code={token["text"]} language={token["lang"]} />;
    case "blockquote":
      return (
        <blockquote className="space-y-1.5 border-edge border-l-3 pl-3 text-soft">
          {blocks(token.tokens ?? [], scope)}
        </blockquote>
      );
    case "list":
      return <List token={token} scope={scope} />;
    case "checkbox":
      return token.raw;
    default:
      return (
        <p dir="auto" className="whitespace-pre-wrap">
          {!("tokens" in token) ? <Leaf token={token} scope={scope} /> : inlines(token.tokens, scope)}
        </p>
      );
  }
}

function List({ token, scope }: TokenProps) {
  if (token.type !== "list") return null;
  const items: readonly Token[] = token["items"];
  const rows = items.map((item, index) => (
    <li key={index} className="pl-1">
      {blocks(("tokens" in item && item.tokens) || [], scope)}
    </li>
  ));
  return token["ordered"] ? (
    <ol start={token["start"] || 1} className="list-decimal pl-7 marker:text-faint">
      {rows}
    </ol>
  ) : (
    <ul className="list-disc pl-6 marker:text-faint">{rows}</ul>
  );
}

function Inline({ token, scope }: TokenProps) {
  switch (token.type) {
    case "strong":
      return <strong className="font-semibold">{inlines(token.tokens, scope)}</strong>;
    case "em":
      return <em>{inlines(token.tokens, scope)}</em>;
    case "del":
      return <del>{inlines(token.tokens, scope)}</del>;
    case "codespan":
      return <code className="rounded-small bg-hover px-1 py-0.5 font-mono text-[0.875em]">{token["text"]}</code>;
    case "br":
      return <br />;
    case "spoiler":
      return <Spoiler>{inlines(token.tokens, scope)}</Spoiler>;
    case "link":
    case "image":
      return <MarkdownLink token={token} scope={scope} />;
    case "escape":
      return token["text"];
    default:
      return <Leaf token={token} scope={scope} />;
  }
}

function Leaf({ token, scope }: TokenProps) {
  return scope.mayLink ? <PlainText text={token.raw} names={scope.names} /> : token.raw;
}

const followed = new Set(["http:", "https:", "mailto:"]);

/** An address that is not of the web or of mail stays the text that it is; a picture is a link to it. */
function MarkdownLink({ token, scope }: TokenProps) {
  const href: string = token.type === "link" || token.type === "image" ? token["href"] : "";
  if (!followed.has(URL.parse(href)?.protocol ?? "")) return token.raw;
  const label =
    token.type === "image"
      ? token["text"] || href
      : inlines("tokens" in token ? token.tokens : [], { ...scope, mayLink: false });
  return (
    <a {...externalLinkProps} href={href} title={href}>
      {label}
    </a>
  );
}
