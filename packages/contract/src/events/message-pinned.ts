import { message } from "../objects/message.ts";

/** A message is pinned now, or no longer: `pinnedAt` tells. Numbered by `pts`. */
export const messagePinned = message;
