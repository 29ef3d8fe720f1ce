import { message } from "../objects/message.ts";

/** A message was deleted for everyone: its tombstone [L11]. Numbered by `pts`. */
export const messageDeleted = message;
