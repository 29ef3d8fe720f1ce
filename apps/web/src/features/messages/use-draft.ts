import type { ConversationState } from "@hubbub/client";
import { limits, type MessageId } from "@hubbub/contract";
import { useCallback, useEffect, useRef, useState } from "react";
import { useChatStore } from "../conversations/index.ts";
import { readDraft, saveDraft } from "./drafts.ts";

/** How long writing rests before one's other devices are told, milliseconds. */
const restFor = 1_000;

const encoder = new TextEncoder();
export const bytesOf = (text: string): number =>
  text.length * 3 <= limits.messageText ? text.length : encoder.encode(text).length;

/**
 * What is being written, kept by the conversation's own settings for one's other devices, and by this device until they
 * have it. What another device wrote is taken over unless something was written here since. Of a thread it is kept by
 * this device alone, and an edit by nobody.
 * @param edited the text that is changed
 */
export function useDraft(
  { conversation: { id, me } }: ConversationState,
  threadRootId: MessageId | undefined,
  edited: string | undefined,
): { readonly text: string; readonly write: (text: string) => void } {
  const store = useChatStore();
  const isShared = threadRootId === undefined && edited === undefined;
  const told = isShared ? (me.settings.draft ?? "") : "";
  const place = threadRootId ?? id;
  const [text, setText] = useState(() => edited ?? (readDraft(place) || told));
  const latest = useRef(text);
  const lastTold = useRef(told);
  const lastSent = useRef(told);
  useEffect(() => {
    if (!isShared || told === lastTold.current) return;
    const hasWritten = latest.current !== lastTold.current;
    lastTold.current = told;
    if (hasWritten || told === lastSent.current) return;
    lastSent.current = told;
    latest.current = told;
    setText(told);
  }, [isShared, told]);

  const send = useCallback((): void => {
    const draft = latest.current.trim() === "" ? "" : latest.current;
    if (!isShared || draft === lastSent.current || bytesOf(draft) > limits.messageText) return;
    lastSent.current = draft;
    store.people.updateConversationSettings({ conversationId: id, draft: draft === "" ? null : draft }).then(
      () => latest.current === draft && saveDraft(id, ""),
      () => {
        lastSent.current = lastTold.current; // to be sent again: this device keeps it meanwhile
      },
    );
  }, [store, id, isShared]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it waits from what was written last
  useEffect(() => {
    const timer = setTimeout(send, restFor);
    return () => clearTimeout(timer);
  }, [send, text]);
  useEffect(() => send, [send]); // who leaves writes no more

  const write = (next: string): void => {
    latest.current = next;
    setText(next);
    if (edited === undefined) saveDraft(place, next);
  };
  return { text, write };
}
