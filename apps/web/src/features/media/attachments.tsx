import type { ChatStore } from "@hubbub/client";
import type { ConversationId, MessageId } from "@hubbub/contract";
import { createContext, type ReactNode, use, useEffect, useMemo, useSyncExternalStore } from "react";
import { AttachmentTray } from "./attachment-tray.ts";

type Place = ConversationId | MessageId;

/** The trays of all places, for as long as someone is signed in. */
class AttachmentTrays {
  readonly #store: ChatStore;
  readonly #trays = new Map<Place, AttachmentTray>();

  constructor(store: ChatStore) {
    this.#store = store;
  }

  of(place: Place, conversationId: ConversationId): AttachmentTray {
    const known = this.#trays.get(place);
    if (known !== undefined) return known;
    const tray = new AttachmentTray(this.#store, conversationId);
    this.#trays.set(place, tray);
    return tray;
  }

  get isBusy(): boolean {
    return [...this.#trays.values()].some((tray) => tray.isBusy);
  }

  stop(): void {
    for (const tray of this.#trays.values()) tray.stop();
  }
}

const TraysContext = createContext<AttachmentTrays | undefined>(undefined);

/** Keeps what was chosen while one looks elsewhere, and asks before the page is left with it. */
export function Attachments({ store, children }: { readonly store: ChatStore; readonly children: ReactNode }) {
  const trays = useMemo(() => new AttachmentTrays(store), [store]);
  useEffect(() => {
    const ask = (leaving: BeforeUnloadEvent): void => {
      if (trays.isBusy) leaving.preventDefault();
    };
    // what is dropped beside its place would be opened instead of the page
    const refuse = (drag: DragEvent): void => {
      if (drag.defaultPrevented || !drag.dataTransfer?.types.includes("Files")) return;
      drag.preventDefault();
      drag.dataTransfer.dropEffect = "none";
    };
    window.addEventListener("beforeunload", ask);
    window.addEventListener("dragover", refuse);
    window.addEventListener("drop", refuse);
    return () => {
      window.removeEventListener("beforeunload", ask);
      window.removeEventListener("dragover", refuse);
      window.removeEventListener("drop", refuse);
      trays.stop();
    };
  }, [trays]);
  return <TraysContext value={trays}>{children}</TraysContext>;
}

/** What was chosen in a conversation, or in a thread of one. */
export function useAttachmentTray(place: Place, conversationId: ConversationId) {
  const trays = use(TraysContext);
  if (trays === undefined) throw new Error("There is no Attachments above");
  const tray = trays.of(place, conversationId);
  return { tray, ...useSyncExternalStore(tray.subscribe, tray.getState) };
}
