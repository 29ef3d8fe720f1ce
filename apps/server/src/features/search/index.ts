export { searchMessagesOperation } from "./search-messages.ts";
