export { ConversationAvatar } from "./conversation-avatar.tsx";
export { LazyDetailsPanel } from "./lazy-details-panel.ts";
export { parseConversationPath } from "./paths.ts";
export { Sidebar } from "./sidebar.tsx";
export { mayManage, mayPost, memberCountOf, titleOf } from "./summary.ts";
export { useAction } from "./use-action.ts";
export { ChatContext, useChat, useChatStore } from "./use-chat.ts";
export { presenceText, usePresence } from "./use-presence.ts";
