export {
  ChatContext,
  parseConversationPath,
  presenceText,
  useAction,
  useChat,
  useChatStore,
  usePresence,
} from "../chat/index.ts";
export { ConversationAvatar } from "./conversation-avatar.tsx";
export { LazyDetailsPanel } from "./lazy-details-panel.ts";
export { Sidebar } from "./sidebar.tsx";
export { mayManage, mayPost, memberCountOf, titleOf } from "./summary.ts";
