export {
  type Credentials,
  HubbubApi,
  type HubbubApiOptions,
  type LoginAnswer,
  type SecondFactorProof,
} from "./api/hubbub-api.ts";
export { ChatConnection, type ConnectionState } from "./connection/chat-connection.ts";
export { HubbubError, type HubbubErrorCode } from "./hubbub-error.ts";
export type { NewFile, Upload, UploadPurpose } from "./media/upload.ts";
export type { UploadState } from "./media/upload-state.ts";
export type { ChatStorage } from "./storage/chat-storage.ts";
export { IndexedDbStorage } from "./storage/indexed-db-storage.ts";
export { applyChange } from "./store/apply-change.ts";
export { applyInboxEntry, type ChatState, type Conversations, emptyChat } from "./store/chat-state.ts";
export { type ChatSnapshot, ChatStore, type ChatStoreOptions } from "./store/chat-store.ts";
export {
  addHistory,
  type ConversationState,
  freshConversation,
  type KnownMember,
  type MemberMarks,
  type NewMessage,
  type PendingMessage,
  type PushedChange,
} from "./store/conversation-state.ts";
export { isUnreadOf } from "./store/marks.ts";
export { calls } from "./store/mentions.ts";
export { hidesOwnReaction } from "./store/own-reactions.ts";
export { asIntended, type MessageIntent, type PendingChange } from "./store/pending-change.ts";
export { type KnownFriend, type PeopleState, readPeople } from "./store/people-state.ts";
export { pinsIn } from "./store/pins.ts";
export type { Statuses, Typists } from "./store/presence.ts";
export type { SyncStatus } from "./store/synchroniser.ts";
export { messageIn, repliesIn } from "./store/threads.ts";
export type { Users } from "./store/user-directory.ts";
export { withIntents } from "./store/with-intents.ts";
