import type { Mention } from "@hubbub/contract";
import { lazy, Suspense, useMemo } from "react";
import { useChat } from "../conversations/index.ts";
import { PlainText } from "./plain-text.tsx";

/** Is loaded with the first message that may need it. */
const Markdown = lazy(() =>
  import("./markdown/markdown.tsx").then(({ Markdown: component }) => ({ default: component })),
);

const markup = /[*_~`>|[\\]|^\s*(?:[-+]|\d+[.)])\s/m;

interface MessageTextProps {
  readonly text: string;
  readonly mentions: readonly Mention[] | undefined;
}

export function MessageText({ text, mentions }: MessageTextProps) {
  const names = useNames(mentions);
  const plain = (
    <p dir="auto" className="whitespace-pre-wrap">
      <PlainText text={text} names={names} />
    </p>
  );
  if (!markup.test(text)) return plain;
  return (
    <Suspense fallback={plain}>
      <Markdown text={text} names={names} />
    </Suspense>
  );
}

const nobody: ReadonlySet<string> = new Set();

function useNames(mentions: readonly Mention[] | undefined): ReadonlySet<string> {
  const users = useChat((chat) => (mentions === undefined ? undefined : chat.users));
  return useMemo(() => {
    if (mentions === undefined || users === undefined) return nobody;
    return new Set(mentions.flatMap((each) => (each === "everyone" ? each : (users.get(each)?.username ?? []))));
  }, [mentions, users]);
}
