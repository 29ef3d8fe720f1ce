import type { Mention } from "@hubbub/contract";
import { lazy, Suspense, useEffect, useMemo } from "react";
import { useChat, useChatStore } from "../conversations/index.ts";
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

const nobody: ReadonlyMap<string, boolean> = new Map();

function useNames(mentions: readonly Mention[] | undefined): ReadonlyMap<string, boolean> {
  const store = useChatStore();
  const ownId = useChat((chat) => chat.ownId);
  useEffect(() => {
    if (mentions !== undefined) store.want(mentions.flatMap((each) => (each === "everyone" ? [] : [each])));
  }, [store, mentions]);
  const users = useChat((chat) => (mentions === undefined ? undefined : chat.users));
  return useMemo(() => {
    if (mentions === undefined || users === undefined) return nobody;
    const names = mentions.map((each) => [each === "everyone" ? each : users.get(each)?.username, each] as const);
    return new Map(names.flatMap(([name, each]) => (name ? [[name, each === ownId || each === "everyone"]] : [])));
  }, [mentions, users, ownId]);
}
