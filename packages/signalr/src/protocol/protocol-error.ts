/** The client broke the protocol: its connection is closed, and it may come back. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** @returns the error for a message above `limit` bytes. */
export function messageTooLarge(limit: number): ProtocolError {
  return new ProtocolError(`The maximum message size of ${limit}B was exceeded.`);
}
