/**
 * Reads the links of a log: lines `A B -`, numbered from 0, of which B answers A; `A A -` begins a conversation. Of
 * several that a line answers the nearest before it counts.
 * @returns by the number of the answering line
 */
export function parseReplies(text: string): ReadonlyMap<number, number> {
  const answered = new Map<number, number>();
  for (const line of text.split(/\r?\n/u)) {
    const [a, b] = (/^(\d+) (\d+) -\s*$/u.exec(line) ?? []).slice(1).map(Number);
    if (a === undefined || b === undefined || a === b) continue;
    const [earlier, later] = [Math.min(a, b), Math.max(a, b)];
    answered.set(later, Math.max(earlier, answered.get(later) ?? 0));
  }
  return answered;
}
