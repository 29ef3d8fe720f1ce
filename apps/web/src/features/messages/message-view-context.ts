import type { Message } from "@hubbub/contract";
import { createContext } from "react";

/** What is opened of a message in a dialog of its own. */
export interface MessageView {
  readonly kind: "edits" | "emoji" | "forward";
  readonly message: Message;
}

export const MessageViewContext = createContext<(view: MessageView) => void>(() => undefined);
