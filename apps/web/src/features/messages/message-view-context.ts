import type { Message } from "@hubbub/contract";
import { createContext } from "react";

/** What is opened of a message in a dialog of its own. */
export type MessageView =
  | { readonly kind: "edits" | "emoji" | "forward"; readonly message: Message }
  | { readonly kind: "reactions"; readonly message: Message; readonly emoji?: string };

export const MessageViewContext = createContext<(view: MessageView) => void>(() => undefined);
