/** What of a message must come back as it was sent. */
export interface Line {
  readonly id: string;
  readonly senderId: string;
  readonly text?: string | undefined;
}

/** A line that was sent, and where it stands in the log. */
export interface SentLine extends Line {
  readonly at: string;
}

const show = ({ senderId, text, id }: Line): string => `${JSON.stringify(text)} by ${senderId} (${id})`;

/** Tells where what came first differs from what was sent; nothing when every line came once and in order. */
export function firstDifference(sent: readonly SentLine[], came: readonly Line[]): string | undefined {
  for (const [index, line] of sent.entries()) {
    const other = came[index];
    if (other === undefined) return `ends before ${line.at}: ${show(line)}`;
    if (other.id !== line.id || other.senderId !== line.senderId || other.text !== line.text) {
      return `has ${show(other)} for ${line.at}: ${show(line)}`;
    }
  }
  const beyond = came[sent.length];
  return beyond === undefined ? undefined : `goes on after the last line with ${show(beyond)}`;
}
