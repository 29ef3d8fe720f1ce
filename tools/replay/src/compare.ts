import type { Message } from "@hubbub/contract";

/** What of a message must come back as it was sent. */
export interface Line {
  readonly id: string;
  readonly senderId: string;
  readonly text?: string | undefined;
  readonly replyToId?: string | undefined;
  readonly threadRootId?: string | undefined;
}

/** What of a message is compared. */
export function lineOf({ id, senderId, text, replyTo, threadRootId }: Message): Line {
  return { id, senderId, text, replyToId: replyTo?.id, threadRootId };
}

/** A line that was sent, and where it stands in the log. */
export interface SentLine extends Line {
  readonly at: string;
}

function show({ senderId, text, id, replyToId, threadRootId }: Line): string {
  const answer =
    replyToId === undefined
      ? ""
      : ` to ${replyToId}${threadRootId === undefined ? "" : ` in the thread of ${threadRootId}`}`;
  return `${JSON.stringify(text)} by ${senderId} (${id})${answer}`;
}

const compared = ["id", "senderId", "text", "replyToId", "threadRootId"] as const;

/** Tells where what came first differs from what was sent; nothing when every line came once and in order. */
export function firstDifference(sent: readonly SentLine[], came: readonly Line[]): string | undefined {
  for (const [index, line] of sent.entries()) {
    const other = came[index];
    if (other === undefined) return `ends before ${line.at}: ${show(line)}`;
    if (compared.some((field) => other[field] !== line[field])) {
      return `has ${show(other)} for ${line.at}: ${show(line)}`;
    }
  }
  const beyond = came[sent.length];
  return beyond === undefined ? undefined : `goes on after the last line with ${show(beyond)}`;
}
