import type { ConversationState } from "@hubbub/client";
import {
  type KeyboardEvent,
  lazy,
  type ReactNode,
  type RefObject,
  Suspense,
  useCallback,
  useId,
  useRef,
  useState,
} from "react";
import type { SuggestionKeys } from "./mention-suggestions.tsx";

/** Is loaded with the first @ that is written. */
const MentionSuggestions = lazy(() =>
  import("./mention-suggestions.tsx").then(({ MentionSuggestions: component }) => ({ default: component })),
);

/** An @ at the beginning of a word, and what follows it up to where one writes. */
const begun = /(?:^|[\s([{"'])@([\p{L}\p{N}._-]{0,32})$/u;

interface MentionSuggestionsUse {
  /** To be shown above the text. */
  readonly list: ReactNode;
  /** For the text area, so that a screen reader tells of them. */
  readonly describes: { readonly "aria-controls"?: string; readonly "aria-activedescendant"?: string };
  /** Hears that something was written. */
  readonly look: () => void;
  /** Hears where one goes on writing. */
  readonly follow: () => void;
  readonly close: () => void;
  /** @returns whether the key was meant for them */
  readonly press: (key: KeyboardEvent) => boolean;
}

/** Offers members to mention while an @ is being written. @param write changes the text */
export function useMentionSuggestions(
  area: RefObject<HTMLTextAreaElement | null>,
  state: ConversationState,
  write: (text: string) => void,
): MentionSuggestionsUse {
  const id = useId();
  const keys = useRef<SuggestionKeys>(null);
  const [query, setQuery] = useState<string>();
  const [active, setActive] = useState<string>();
  const look = (): void => setQuery(queryAt(area.current));
  const close = useCallback(() => setQuery(undefined), []);
  const pick = (name: string): void => {
    const { current } = area;
    if (current === null || query === undefined) return;
    const at = current.selectionStart;
    const before = `${current.value.slice(0, at - query.length)}${name} `;
    write(before + current.value.slice(at).replace(/^ /, ""));
    close();
    // where one goes on writing, once the text is there
    requestAnimationFrame(() => current.setSelectionRange(before.length, before.length));
  };
  return {
    list: query !== undefined && (
      <Suspense>
        <MentionSuggestions
          ref={keys}
          id={id}
          state={state}
          query={query}
          onPick={pick}
          onClose={close}
          onActive={setActive}
        />
      </Suspense>
    ),
    describes: active === undefined ? {} : { "aria-controls": id, "aria-activedescendant": active },
    look,
    follow: () => {
      if (query !== undefined) look();
    },
    close,
    press: (key) => query !== undefined && (keys.current?.press(key) ?? false),
  };
}

function queryAt(area: HTMLTextAreaElement | null): string | undefined {
  if (area === null || area.selectionStart !== area.selectionEnd) return undefined;
  return begun.exec(area.value.slice(0, area.selectionStart))?.[1];
}
