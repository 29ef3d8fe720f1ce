export { type Credentials, HubbubApi, type HubbubApiOptions } from "./api/hubbub-api.ts";
export { ChatConnection, type ConnectionState, type HubOperationName } from "./connection/chat-connection.ts";
export { HubbubError, type HubbubErrorCode } from "./hubbub-error.ts";
