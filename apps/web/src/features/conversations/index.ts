export {
  ChatContext,
  type ConversationPlace,
  conversationPath,
  messagePath,
  parseConversationPath,
  plainTextOf,
  presenceText,
  threadPath,
  useAction,
  useChat,
  useChatStore,
  useLoaded,
  usePresence,
} from "../chat/index.ts";
export { ConversationAvatar } from "./conversation-avatar.tsx";
export { ConversationMenuButton } from "./conversation-menu-button.tsx";
export { LazyDetailsPanel } from "./lazy-details-panel.ts";
export { LazyInviteLanding } from "./lazy-invite-landing.ts";
export { nameInQuery, namesakes } from "./name-in-query.ts";
export { Sidebar, type SidebarDialog } from "./sidebar.tsx";
export { listed, mayManage, mayPin, mayPost, memberCountOf, messageLine, namesFor, titleOf } from "./summary.ts";
export { systemText } from "./system-text.ts";
export { countTotal, formatUnread, isQuiet } from "./unread.ts";
export { useEnter } from "./use-enter.ts";
