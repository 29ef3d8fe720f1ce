/** Why a connection ended, as `onDisconnected` is told (rule C3). */
export type DisconnectReason =
  /** The client said goodbye. */
  | { readonly kind: "client-closed" }
  /** The client said goodbye and named an error of its own. */
  | { readonly kind: "client-failed"; readonly error: string }
  /** The transport broke without a goodbye. */
  | { readonly kind: "connection-lost" }
  /** The client was silent for too long. */
  | { readonly kind: "timed-out" }
  /** The client broke the protocol. */
  | { readonly kind: "protocol-error"; readonly error: string }
  /** The client did not read what it was sent, or sent faster than it may. */
  | { readonly kind: "overloaded"; readonly error: string }
  /** The application closed the connection. */
  | { readonly kind: "server-closed"; readonly error?: string | undefined }
  /** The connect handler failed. */
  | { readonly kind: "connect-failed"; readonly error: unknown }
  /** The identity's time was over. */
  | { readonly kind: "authentication-expired" }
  /** The server shuts down; the client is asked to come back. */
  | { readonly kind: "shutdown" };
