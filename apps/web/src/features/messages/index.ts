export { ConversationPane } from "./conversation-pane.tsx";
