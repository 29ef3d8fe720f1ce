import type { SessionId, UserId } from "@hubbub/contract";

/** Who is signed in. */
export interface Actor {
  readonly userId: UserId;
  readonly sessionId: SessionId;
}
