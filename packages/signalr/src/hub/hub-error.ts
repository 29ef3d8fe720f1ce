/** Thrown by a hub method to tell its caller something: the message goes out bare, as the completion's error. */
export class HubError extends Error {
  override readonly name: string = "HubError";
}

/**
 * Thrown by a hub method to tell its caller something in the words of ASP.NET Core: the message goes out behind the
 * general text, as ` HubException: message`.
 */
export class HubException extends Error {
  override readonly name: string = "HubException";
}

/** Thrown by a filter or a method when the caller may not call it: the caller is told no more than that. */
export class HubUnauthorizedError extends Error {
  override readonly name: string = "HubUnauthorizedError";
}
