import type { MessageId } from "@hubbub/contract";
import { createContext } from "react";

/** How a message's thread is opened; undefined within a thread. */
export const ThreadContext = createContext<((rootId: MessageId) => void) | undefined>(undefined);
