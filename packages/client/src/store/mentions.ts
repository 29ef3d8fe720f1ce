import type { Message, UserId } from "@hubbub/contract";

/** Whom one blocked, as far as nobody is known. */
export const nobody: ReadonlySet<UserId> = new Set();

/** Whether a message calls this person, alone or with everyone; whom they blocked calls nobody [L14] [L23]. */
export function calls({ senderId, mentions = [] }: Message, ownId: UserId, blocks: ReadonlySet<UserId>): boolean {
  return senderId !== ownId && !blocks.has(senderId) && (mentions.includes(ownId) || mentions.includes("everyone"));
}
