import { message } from "../objects/message.ts";

/** A message was sent. Numbered by `pts`. */
export const receiveMessage = message;
