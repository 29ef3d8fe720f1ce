import { HubError, HubException } from "./hub-error.ts";

/** The texts the reference server sends: clients and their tests know them by heart. */
export const errorTexts = {
  invocationFailed: (method: string) => `An unexpected error occurred invoking '${method}' on the server.`,
  bindingFailed: (method: string) => `Failed to invoke '${method}' due to an error on the server.`,
  unauthorized: (method: string) => `Failed to invoke '${method}' because user is unauthorized`,
  streamFailed: "An error occurred on the server while streaming results.",
  streamInvokedPlainly: (method: string) =>
    `The client attempted to invoke the streaming '${method}' method with a non-streaming invocation.`,
  plainInvokedAsStream: (method: string) =>
    `The client attempted to invoke the non-streaming '${method}' method with a streaming invocation.`,
  invocationIdInUse: (id: string) => `Invocation ID '${id}' is already in use.`,
  streamIdInUse: (id: string) => `Stream ID '${id}' is already in use.`,
  tooManyStreams: "Too many streams are open.",
  closedWithError: "Connection closed with an error.",
  methodUnknown: "Method does not exist.",
  protocolUnknown: (name: string) => `The protocol '${name}' is not supported.`,
  versionUnknown: (version: number, name: string) =>
    `The server does not support version ${version} of the '${name}' protocol.`,
  formatUnsupported: (name: string) =>
    `Cannot use the '${name}' protocol on the current transport. The transport does not support 'Binary' transfer format.`,
  handshakeFailed: "An unexpected error occurred during connection handshake.",
  handshakeCanceled: "Handshake was canceled.",
} as const;

/**
 * @param text what may be said in any case
 * @param detailed whether the error's own name and message may leave the server
 * @returns what the client is told about `error`
 */
export function describeError(text: string, error: unknown, detailed: boolean): string {
  if (error instanceof HubError) return error.message;
  if (error instanceof HubException || (detailed && error instanceof Error))
    return `${text} ${error.name}: ${error.message}`;
  return text;
}
