import type { Message } from "@hubbub/contract";
import { createContext } from "react";

/** The message that what is being written answers, or becomes. */
export interface Target {
  readonly kind: "reply" | "edit";
  readonly message: Message;
}

/** How a message's actions begin an answer or an edit. */
export const TargetContext = createContext<(target: Target) => void>(() => undefined);
