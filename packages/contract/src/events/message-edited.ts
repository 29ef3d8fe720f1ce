import { message } from "../objects/message.ts";

/** A message has another text now. Numbered by `pts`. */
export const messageEdited = message;
