export {
  type ConversationPlace,
  conversationPath,
  invitePath,
  isSearchPath,
  messagePath,
  parseConversationPath,
  parseInvitePath,
  searchPath,
  threadPath,
} from "./paths.ts";
export { plainTextOf, unmarked } from "./plain-text-of.ts";
export { useAction } from "./use-action.ts";
export { ChatContext, useChat, useChatStore } from "./use-chat.ts";
export { type Loaded, useLoaded } from "./use-loaded.ts";
export { useMediaUrl } from "./use-media-url.ts";
export { presenceText, usePresence } from "./use-presence.ts";
