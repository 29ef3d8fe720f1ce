/** Milliseconds for which a head is remembered at least. */
const KEPT_MS = 60_000;

/** How far logs that are active here were told of, conversations' or inboxes', for as long as anybody asks. */
export class RecentHeads<Log extends string> {
  #young = new Map<Log, number>();
  #old = new Map<Log, number>();
  #turned = performance.now();

  note(log: Log, pts: number): void {
    this.#turn();
    if (pts > this.#known(log)) this.#young.set(log, pts);
  }

  /** Whether less than this was told; what was told too long ago counts as nothing. */
  isBehind(log: Log, pts: number): boolean {
    return this.#known(log) < pts;
  }

  #known(log: Log): number {
    return this.#young.get(log) ?? this.#old.get(log) ?? 0;
  }

  #turn(): void {
    const now = performance.now();
    if (now - this.#turned < KEPT_MS) return;
    this.#turned = now;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
