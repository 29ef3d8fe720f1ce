/**
 * Thrown by a hub method to tell its caller something: the message goes out bare, as the completion's error (rule E1):
 * `throw new HubError("NO_ROOM: There is no such room.")`.
 */
export class HubError extends Error {
  /** Tells errors of this kind from others. */
  override readonly name: string = "HubError";
}

/**
 * Thrown by a hub method to tell its caller something in the words of ASP.NET Core: the message goes out behind the
 * general text, as ` HubException: message` (rule E2).
 */
export class HubException extends Error {
  /** Tells errors of this kind from others. */
  override readonly name: string = "HubException";
}

/** Thrown by a filter or a method when the caller may not call it: the caller is told no more than that. */
export class HubUnauthorizedError extends Error {
  /** Tells errors of this kind from others. */
  override readonly name: string = "HubUnauthorizedError";
}
