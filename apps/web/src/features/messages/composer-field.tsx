import type { ConversationState } from "@hubbub/client";
import { type KeyboardEvent, type ReactNode, type RefObject, useLayoutEffect } from "react";
import { AttachButton } from "../media/index.ts";
import { useMentionSuggestions } from "./use-mention-suggestions.tsx";

/** Grows to this, then scrolls; pixels. */
const mostHeight = 200;

interface ComposerFieldProps {
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly state: ConversationState;
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly onWrite: (text: string) => void;
  /** Of keys that belong neither to an input method nor to the suggestions. */
  readonly onKey: (key: KeyboardEvent) => void;
  /** Files that were pasted, or picked with a button of its own; without it there are none. */
  readonly onFiles: ((files: readonly File[]) => void) | undefined;
  /** The button beside it. */
  readonly children: ReactNode;
}

/** Where a message is written; grows with it, and offers whom it may call. */
export function ComposerField(props: ComposerFieldProps) {
  const { area, state, text, onWrite, onKey, onFiles, label, placeholder, children } = props;
  const suggestions = useMentionSuggestions(area, state, onWrite);
  useAutosize(area, text);
  const onKeyDown = (key: KeyboardEvent): void => {
    if (isComposing(key)) return;
    if (suggestions.press(key)) key.preventDefault();
    else onKey(key);
  };
  return (
    <div className="relative flex items-end rounded-medium border border-edge bg-raised has-[textarea:focus-visible]:border-accent has-[textarea:focus-visible]:outline-1 has-[textarea:focus-visible]:outline-accent">
      {suggestions.list}
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        aria-label={label}
        aria-autocomplete="list"
        {...suggestions.describes}
        placeholder={placeholder}
        value={text}
        onChange={(change) => {
          onWrite(change.target.value);
          suggestions.look();
        }}
        onKeyDown={onKeyDown}
        onPaste={(paste) => {
          const { files, types } = paste.clipboardData;
          // what was copied with its text, as spreadsheets do, is pasted as text
          if (onFiles === undefined || files.length === 0 || types.includes("text/plain")) return;
          paste.preventDefault();
          onFiles([...files]);
        }}
        onSelect={suggestions.follow}
        onBlur={suggestions.close}
        className="block min-h-11 min-w-0 flex-1 resize-none bg-transparent py-2.5 pl-3.5 outline-none placeholder:text-faint"
      />
      {/* behind the text, from which Shift+Tab leads to the newest message */}
      {onFiles !== undefined && <AttachButton onFiles={onFiles} />}
      {children}
    </div>
  );
}

function useAutosize(area: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const { current } = area;
    if (current === null) return;
    current.style.height = "auto";
    if (text !== "") current.style.height = `${Math.min(mostHeight, current.scrollHeight)}px`;
  }, [area, text]);
}

/** Safari ends a composition before its Enter arrives, and marks that one by 229 only. */
function isComposing({ nativeEvent }: KeyboardEvent): boolean {
  return nativeEvent.isComposing || nativeEvent.keyCode === 229;
}
